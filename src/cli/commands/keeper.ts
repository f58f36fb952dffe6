/** `portreeve keeper`: the root process that carries changes out for others, and undoes what nobody confirms. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { runKeeper } from '../../keeper/keeper.ts';
import { act } from '../act.ts';
import { keeperSocket } from '../keeper-socket.ts';

const schema = z.object({ socket: z.string().startsWith('/').optional(), group: z.string().min(1) });

export function keeper(): Command {
  return new Command('keeper')
    .description('carry changes out for the members of a group, and take back what nobody confirms in time')
    .option('--socket <path>', 'where it listens (default: /run/portreeve/keeper.sock)')
    .option('--group <name>', 'whose members may ask it', 'portreeve')
    .action(
      act(schema, async ({ speak, options: { socket = keeperSocket(), group } }) => {
        const kept = await runKeeper({
          socket,
          group,
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
