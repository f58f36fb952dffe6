/**
 * Proves a claim on a live server, which may need a moment: asked again until it holds. Four seconds long
 * where nobody answers (a reload has waited for it to listen before); two where the answer is no: mail waits meanwhile.
 */
import type { Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import type { Proof } from './change.ts';

const patienceMs = 4000;
const patienceWithNoMs = 2000;
const pauseMs = 200;

export async function holdProof(proof: Proof, clock: Clock): Promise<Result<string>> {
  const begun = clock.now();
  for (;;) {
    const proved = await proof.prove();
    if (proved.ok) return proved;
    const patience = proved.problem.kind === 'no' ? patienceWithNoMs : patienceMs;
    if (clock.now() + pauseMs > begun + patience) return proved;
    await clock.sleep(pauseMs);
  }
}
