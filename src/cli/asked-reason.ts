/** The reason: as given, or asked for in the person's editor, with what has changed below it. */
import type { Result } from '../base/result.ts';
import { editText, isAtTerminal } from '../host/edit-text.ts';
import { parseReason, type Reason } from '../history/reason.ts';

const scissors = '# ------------------------ >8 ------------------------';

export async function askedReason(
  given: string | undefined,
  diff: () => Promise<Result<string>>,
): Promise<Result<Reason>> {
  if (given !== undefined || !isAtTerminal()) return parseReason(given);
  const shown = await diff();
  if (!shown.ok) return shown;
  const text = await editText(
    `\n${scissors}\n# Say above why this was changed. Everything from that line on is left out;\n# without a reason nothing is recorded.\n\n${shown.value}`,
  );
  return text.ok ? parseReason(reasonAbove(text.value)) : text;
}

function reasonAbove(text: string): string {
  const at = text.split('\n').indexOf(scissors);
  return (at < 0 ? text : text.split('\n').slice(0, at).join('\n')).trim();
}
