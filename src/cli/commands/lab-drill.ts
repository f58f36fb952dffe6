import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok, type Result } from '../../base/result.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { botMix, mixNames } from '../../lab/bot-mix.ts';
import { type DefenceName, defenceNames } from '../../lab/defence/defence.ts';
import { runDrill } from '../../lab/drill.ts';
import type { DrillFigures } from '../../lab/figures.ts';
import { openLab } from '../../lab/lab.ts';
import { act } from '../act.ts';
import { drillTable } from '../drill-table.ts';
import type { Speaker } from '../speak.ts';
import { wholeNumber } from '../whole-number.ts';

const options = z.object({
  defence: z.enum([...defenceNames, 'all'], `needs one of ${defenceNames.join(', ')} or all`),
  seconds: wholeNumber(5, 3600),
  bots: wholeNumber(0, 2000),
  senders: wholeNumber(1, 200),
  known: wholeNumber(0, 200).optional(),
  nat: z.boolean().default(false),
  seed: wholeNumber(0, 2 ** 31),
  mix: z.enum(mixNames, `needs one of ${mixNames.join(', ')}`),
});

type Options = z.infer<typeof options>;

/** `lab drill`: a timed, measured attack on a real Exim. */
export function labDrill(): Command {
  return new Command('drill')
    .description('attack a real Exim in the lab and measure what its defence is worth')
    .option('--defence <name>', 'none, fail2ban, portreeve, or all of them in turn', 'portreeve')
    .option('--seconds <n>', 'how long the attack lasts', '30')
    .option('--bots <n>', 'attackers, one address each', '60')
    .option('--senders <n>', 'legitimate mail servers, one address each', '10')
    .option('--known <n>', 'so many of the senders have delivered mail before (default: half)')
    .option('--nat', 'one more address both attacks and sends mail: a network behind NAT')
    .option('--seed <n>', 'makes the choices of the bots repeatable', '1')
    .option('--mix <name>', 'habits of the bots: mixed, hold, sly or all', 'mixed')
    .action(
      act(options, async ({ speak, options: chosen }) => {
        const signal = stopSignal();
        const names = chosen.defence === 'all' ? defenceNames : [chosen.defence];
        const figures: DrillFigures[] = [];
        for (const defence of names) {
          if (signal.aborted) break;
          const drilled = await drill(defence, chosen, speak, signal);
          if (!drilled.ok) return drilled;
          figures.push(drilled.value);
        }
        speak.document(chosen.defence === 'all' ? figures : figures[0]);
        for (const line of drillTable(figures)) speak.line(line);
        return signal.aborted ? fail('unavailable', 'cannot finish the drill: stopped by a signal') : ok(0);
      }),
    );
}

async function drill(
  defence: DefenceName,
  chosen: Options,
  speak: Speaker,
  signal: AbortSignal,
): Promise<Result<DrillFigures>> {
  const machine = await openLab({
    fail2ban: defence === 'fail2ban',
    tell: (line) => {
      speak.note(line);
    },
  });
  if (!machine.ok) return machine;
  speak.note(
    `drill: ${chosen.bots} bots (${chosen.mix}) and ${chosen.senders} senders for ${chosen.seconds} s, defence: ${defence}`,
  );
  const figures = await runDrill(machine.value, {
    defence,
    seconds: chosen.seconds,
    seed: chosen.seed,
    bots: botMix(chosen.mix, chosen.bots),
    senders: chosen.senders,
    known: Math.min(chosen.senders, chosen.known ?? Math.floor(chosen.senders / 2)),
    nat: chosen.nat,
    signal,
    tell: () => undefined,
  });
  await machine.value.close();
  return figures;
}
