/** `portreeve keeper`: the root process that carries changes out, undoes what nobody confirms, records drift. */
import { Command } from 'commander';
import { z } from 'zod';
import { parseDuration } from '../../base/duration.ts';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { runKeeper } from '../../keeper/keeper.ts';
import { act } from '../act.ts';
import { keeperSocket } from '../keeper-socket.ts';

const schema = z.object({
  socket: z.string().startsWith('/').optional(),
  group: z.string().min(1),
  driftAfter: z.string(),
});

export function keeper(): Command {
  return new Command('keeper')
    .description('carry changes out for the members of a group, and take back what nobody confirms in time')
    .option('--socket <path>', 'where it listens (default: /run/portreeve/keeper.sock)')
    .option('--group <name>', 'whose members may ask it', 'portreeve')
    .option('--drift-after <time>', 'how long a folder is quiet before drift in it is recorded', '2s')
    .action(
      act(schema, async ({ speak, options: { socket = keeperSocket(), group, driftAfter } }) => {
        const driftAfterMs = parseDuration(driftAfter);
        if (!driftAfterMs.ok) return driftAfterMs;
        const kept = await runKeeper({
          socket,
          group,
          driftAfterMs: Math.max(driftAfterMs.value, 100),
          clock: systemClock,
          signal: stopSignal(),
          tell: (line) => {
            speak.note(line);
          },
          trouble: (problem) => {
            speak.problem(problem);
          },
        });
        return kept.ok ? ok(0) : kept;
      }),
    );
}
