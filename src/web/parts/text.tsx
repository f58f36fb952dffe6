/**
 * Text that a stranger may have written: a text node, never markup. Control characters and those that turn
 * the direction of writing are shown by name, and marked, so that no line looks other than it is.
 */
import type { JSX } from 'preact';
import { printable } from '../../base/printable.ts';

const odd = /(\\x[\da-f]{2}|\\u\{[\da-f]+\})/;

export function Text({ of }: { readonly of: string }): JSX.Element {
  const shown = printable(of);
  if (shown === of) return <bdi>{of}</bdi>;
  return (
    <bdi>
      {shown.split(odd).map((part, place) => (place % 2 === 1 ? <mark class="odd">{part}</mark> : part))}
    </bdi>
  );
}
