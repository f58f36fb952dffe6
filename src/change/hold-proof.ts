/** Proves a claim on a live server, which may need a moment: asked again until it holds, five seconds long. */
import type { Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import type { Proof } from './change.ts';

const patienceMs = 5000;
const pauseMs = 200;

export async function holdProof(proof: Proof, clock: Clock): Promise<Result<string>> {
  const until = clock.now() + patienceMs;
  for (;;) {
    const proved = await proof.prove();
    if (proved.ok || clock.now() + pauseMs > until) return proved;
    await clock.sleep(pauseMs);
  }
}
