/** `portreeve change recover`: settle what a crash, a reboot or a missed deadline has left behind. */
import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok } from '../../base/result.ts';
import { runDeadman } from '../../change/deadman.ts';
import { endExperiments, timedExperiments } from '../../change/end-experiments.ts';
import { recoverAll } from '../../change/recover-all.ts';
import { systemClock } from '../../host/clock.ts';
import { isRoot } from '../../host/identity.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { act } from '../act.ts';
import { finishFirst } from '../finish-first.ts';
import { stepTeller } from '../step-teller.ts';

const schema = z.object({ boot: z.boolean().default(false), untilSettled: z.boolean().default(false) });

export function changeRecover(): Command {
  return new Command('recover')
    .description('settle changes that a crash has interrupted, or that nobody has confirmed in time')
    .option(
      '--boot',
      'the machine is starting: whatever was not confirmed is taken back, and no service is started',
    )
    .option('--until-settled', 'stay until no change waits any more')
    .action(
      act(schema, async ({ speak, options: { boot, untilSettled } }) => {
        if (!isRoot()) {
          return fail('permission', 'cannot settle changes: it needs root', {
            hint: 'run it again as root, or with sudo',
          });
        }
        const tell = stepTeller(speak);
        if (untilSettled) {
          await runDeadman({
            clock: systemClock,
            signal: stopSignal(),
            tell,
            trouble: (problem) => {
              speak.problem(problem);
            },
            untilSettled,
          });
          return ok(0);
        }
        const recovered = await finishFirst(speak, async () => await recoverAll(tell, { booting: boot }));
        if (!recovered.ok) return recovered;
        const { settled } = recovered.value;
        const ended = await endExperiments(await timedExperiments(), systemClock, tell);
        const problems = [...recovered.value.problems, ...ended];
        const [first, ...others] = problems;
        for (const problem of others) speak.problem(problem);
        if (first !== undefined) return { ok: false, problem: first };
        if (settled.length === 0) speak.line('nothing to settle');
        speak.document({ settled });
        return ok(0);
      }),
    );
}
