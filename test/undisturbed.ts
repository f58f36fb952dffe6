/** What measures time goes before all the other tests that run meanwhile, which stand back (tools/test.ts). */
import { setPriority } from 'node:os';

try {
  setPriority(0);
} catch {
  // Without root it cannot go up again; then there is no lab to measure in either.
}
