/** `portreeve guard explain ADDRESS`: everything that is known of it, and what follows. */
import { Command } from 'commander';
import type { Explanation } from '../../agent/guard-hands.ts';
import { fail, ok } from '../../base/result.ts';
import { act } from '../act.ts';
import { askGuard } from '../ask-guard.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';
import type { Speaker } from '../speak.ts';

export function guardExplain(): Command {
  return new Command('explain')
    .description('why an address is banned, or why not: its sightings, score, trust, bans and their harm')
    .argument('<address>')
    .action(
      act(settingOptions, async ({ speak, args, options }) => {
        const [address = '', ...more] = args;
        if (more.length > 0) return fail('usage', 'cannot explain: needs one address: there are several');
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const asked = await askGuard<Explanation>({ do: 'explain', address }, settings.value);
        if (!asked.ok) return asked;
        speak.document(asked.value);
        show(speak, asked.value);
        return ok(0);
      }),
    );
}

function show(speak: Speaker, { address, says, score, sightings, bans }: Explanation): void {
  const { bold, dim } = speak.style;
  speak.line(bold(address));
  for (const sentence of says) speak.line(sentence);
  if (sightings.length > 0) {
    speak.line();
    speak.line(bold(`what counts against it now (score ${score.now} of ${score.needed})`));
    for (const { at, kind, repeats, score: after, line } of sightings) {
      speak.line(
        `${iso(at)}  ${kind}${repeats ? ' (repeated)' : ''}  score ${after}  ${bar(after, score.needed)}`,
      );
      if (line !== undefined) speak.line(dim(`    ${line}`));
    }
  }
  for (const { target, began, until, ended, inForce, rule, reason, offences, evidence, ...harm } of bans) {
    speak.line();
    const state = inForce ? 'in force until' : ended === undefined ? 'ended' : 'lifted';
    speak.line(bold(`ban ${offences} of ${target}: ${rule}, ${reason}`));
    speak.line(`${iso(began)}, ${state} ${iso(ended ?? until)}`);
    const { mailBefore, attempts, mailLost } = harm;
    speak.line(`attempts during it ${attempts}, mail before ${mailBefore}, mail it cost ${mailLost}`);
    for (const line of evidence) speak.line(dim(`    ${line}`));
  }
}

const width = 20;

function bar(value: number, full: number): string {
  return '#'.repeat(Math.min(width, Math.max(value > 0 ? 1 : 0, Math.round((width * value) / full))));
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
