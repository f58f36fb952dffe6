/**
 * Whether Exim can expand what a configuration holds. Each item is put where `-be` parses but does not
 * evaluate it (the branch of a condition that is false), so no lookup is made and no program is run;
 * unbalanced braces, unknown variables, operators, conditions and lookup types are found. Regular
 * expressions are matched against the empty string, which compiles them.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { type Complaint, complaintAbout } from './complaint.ts';
import { debianPlaces } from './debian-places.ts';
import { expansionItems } from './expansion-items.ts';
import type { ListedOption } from './listing.ts';
import { regularExpressions } from './regular-expressions.ts';
import type { RehearsalRoom } from './rehearsal-room.ts';

interface Trial {
  readonly option: ListedOption;
  readonly expression: string;
  /** What to say before Exim's own words. */
  readonly known?: string;
}

/** Taken as they stand by Exim: a dollar in them means nothing. */
const neverExpanded = /^(?:gecos_pattern|uucp_from_pattern|driver|\w+_servers|debug_print)$/;

export async function checkExpansions(
  room: RehearsalRoom,
  options: readonly ListedOption[],
): Promise<Result<Complaint[]>> {
  const trials = options
    .filter(({ section, name }) => section !== 'retry' && !neverExpanded.test(name))
    .flatMap(trialsOf);
  if (trials.length === 0) return ok([]);
  // One a line on standard input: a list of arguments has its limit.
  const input = trials.map(({ expression }) => `${oneLine(expression)}\n`).join('');
  const ran = await room.run([debianPlaces.program, '-be'], { input, timeoutMs: 30_000 });
  if (!ran.ok) return ran;
  const answers = ran.value.stdout.split('\n').map((line) => line.replace(/^(?:> )+/, ''));
  if (ran.value.status !== 0 || answers.length < trials.length) {
    return fail(
      'unavailable',
      `cannot rehearse: exim4 -be must answer: ${ran.value.stderr.trim().slice(0, 300)}`,
    );
  }
  return ok(
    trials.flatMap(({ option, known = '' }, index) => {
      const failed = /^Failed: (.*)$/.exec(answers[index] ?? '')?.[1];
      if (failed === undefined && known !== '') return [complaintAbout(option, known.slice(0, -2))];
      return failed === undefined ? [] : [complaintAbout(option, `${known}${failed}`)];
    }),
  );
}

function trialsOf(option: ListedOption): Trial[] {
  return [
    ...expansionItems(option.value).map(({ text, closed }) => ({
      option,
      expression: `\${if eq{a}{b}{${text}}}`,
      // The brace that ends the trial closes it here.
      ...(closed ? {} : { known: 'a brace is not closed: ' }),
    })),
    ...regularExpressions(option).map((text) => ({ option, expression: `\${if match{}{${text}}}` })),
  ];
}

/** `-be` takes a line for an expression, and a backslash at its end as going on. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
