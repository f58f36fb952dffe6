/** A chart of a sweep: for each try, the attack that it prevents and the mail that it costs, as bars. */
import { grouped } from './grouped.ts';
import { type Outcome, isOnFrontier } from '../guard/sweep.ts';
import type { Speaker } from './speak.ts';

export interface Try extends Outcome {
  readonly assignments: readonly string[];
  readonly sightings: number;
  readonly mail: number;
  readonly bans: number;
}

const width = 24;

export function showSweep(speak: Speaker, tries: readonly Try[]): void {
  const { bold, dim, bad } = speak.style;
  const names = tries.map(({ assignments }) => assignments.join(' ').replaceAll('guard.', ''));
  const longest = Math.max(7, ...names.map(({ length }) => length));
  speak.line(
    bold(`${'setting'.padEnd(longest)}       bans  ${'attack prevented'.padEnd(width + 8)}  mail lost`),
  );
  for (const [place, one] of tries.entries()) {
    const { prevented, sightings, mailLost, mail, bans } = one;
    const kept = `${bar(prevented, sightings)} ${percent(prevented, sightings)}`;
    const lost = `${bar(mailLost, mail)} ${percent(mailLost, mail)}`;
    const mark = isOnFrontier(one, tries) ? '*' : ' ';
    const row = `${(names[place] ?? '').padEnd(longest)} ${mark} ${grouped(bans).padStart(8)}  ${kept}  `;
    speak.line(`${row}${mailLost > 0 ? bad(lost) : lost}`);
  }
  speak.line(dim('* none of the others prevents more without more harm'));
}

function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 0 : Math.round((width * part) / whole);
  // What is not nothing shows.
  const shown = part > 0 ? Math.max(1, filled) : 0;
  return '#'.repeat(shown).padEnd(width, '.');
}

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (100 * part) / whole).toFixed(1).padStart(5)} %`;
}
