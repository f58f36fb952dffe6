import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok, type Result } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { botMix } from '../../lab/bot-mix.ts';
import { runDrill } from '../../lab/drill.ts';
import { openLab } from '../../lab/lab.ts';
import type { Machine } from '../../lab/machine.ts';
import { playThread } from '../../lab/thread.ts';
import { act } from '../act.ts';
import { AttackReporter } from '../attack-reporter.ts';
import { drillTable } from '../drill-table.ts';
import type { Speaker } from '../speak.ts';
import { wholeNumber } from '../whole-number.ts';

const options = z.object({
  seconds: wholeNumber(5, 3600),
  bots: wholeNumber(1, 2000),
  senders: wholeNumber(1, 200),
  seed: wholeNumber(0, 2 ** 31),
  layout: z.enum(['unsplit', 'split'], 'needs unsplit or split'),
});

type Options = z.infer<typeof options>;

/** `lab tour`: the whole idea on a real Exim, told as it happens. */
export function labTour(): Command {
  return new Command('tour')
    .description('secure, defend and remember a real Exim, and tell about it (what `lab` alone does)')
    .option('--seconds <n>', 'how long the attack lasts', '30')
    .option('--bots <n>', 'attackers, one address each', '60')
    .option('--senders <n>', 'legitimate mail servers, one address each', '10')
    .option('--seed <n>', 'makes the choices of the bots repeatable', '1')
    .option(
      '--layout <name>',
      "which of Debian's layouts of Exim's configuration: unsplit or split",
      'unsplit',
    )
    .action(
      act(options, async ({ speak, options: chosen }) => {
        const signal = stopSignal();
        const machine = await openLab({
          layout: chosen.layout,
          tell: (line) => {
            speak.note(line);
          },
        });
        if (!machine.ok) return machine;
        const told = await tell(machine.value, chosen, speak, signal);
        await machine.value.close();
        if (!told.ok) return told;
        return signal.aborted ? fail('unavailable', 'cannot finish the drill: stopped by a signal') : ok(0);
      }),
    );
}

async function tell(
  machine: Machine,
  chosen: Options,
  speak: Speaker,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { bold, dim } = speak.style;
  const played = await playThread(
    machine,
    {
      chapter: ({ title, text }) => {
        speak.line();
        speak.line(bold(`── ${title}`));
        speak.line(dim(text));
        speak.document({ type: 'chapter', title, text });
      },
      command: (argv) => {
        speak.line();
        speak.line(bold(`$ ${argv.map(quoted).join(' ')}`));
        speak.document({ type: 'command', argv });
      },
      output: (line) => {
        speak.line(`  ${line}`);
        speak.document({ type: 'output', line });
      },
    },
    signal,
  );
  if (!played.ok) return played;
  return await attack(machine, chosen, speak, signal);
}

async function attack(
  machine: Machine,
  chosen: Options,
  speak: Speaker,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { bold, dim } = speak.style;
  const title = 'An attack';
  const text = `${chosen.bots} bots, each with an address of its own, against ${chosen.senders} mail servers that have mail to deliver. Most bots only hold a slot and say nothing: they are in no log. The agent runs unprivileged, reads the log and the socket table, and bans in the kernel.`;
  speak.line();
  speak.line(bold(`── ${title}`));
  speak.line(dim(text));
  speak.document({ type: 'chapter', title, text });
  const reporter = new AttackReporter(speak);
  const ticker = setInterval(() => {
    reporter.summary(systemClock.now());
  }, 5000);
  const figures = await runDrill(machine, {
    defence: 'portreeve',
    seconds: chosen.seconds,
    seed: chosen.seed,
    bots: botMix('mixed', chosen.bots),
    known: Math.floor(chosen.senders / 2),
    nat: false,
    senders: chosen.senders,
    signal,
    tell: (event) => {
      reporter.report(event);
      speak.document(event);
    },
    meanwhile: async () => {
      // The bans are in the kernel's set, not only on our list.
      const listed = await machine.run(['nft', 'list', 'set', 'inet', 'portreeve', 'banned4']);
      if (listed.ok) reporter.kernel(listed.value.stdout);
    },
  });
  clearInterval(ticker);
  if (!figures.ok) return figures;
  speak.line();
  speak.line(bold('── What it was worth'));
  for (const line of drillTable([figures.value])) speak.line(line);
  speak.document({ type: 'figures', ...figures.value });
  return ok();
}

/** As a shell needs it: what holds anything but plain characters stands in single quotes. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
