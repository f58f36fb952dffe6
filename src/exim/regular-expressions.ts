/** The regular expressions of a configuration that are literal, so that each can be tried by itself. */
import { closingBrace } from './expansion-items.ts';
import { literalItems } from './list-items.ts';
import { listKindOf } from './list-options.ts';
import type { ListedOption } from './listing.ts';

export function regularExpressions(option: ListedOption): string[] {
  return [...inList(option), ...inMatches(option.value)];
}

function inList(option: ListedOption): string[] {
  const list = listKindOf(option) !== undefined;
  const scanned = option.section === 'acl' && /^!? ?(?:mime_)?regex$/.test(option.name);
  if (!list && !scanned) return [];
  const items = literalItems(option.value).map(({ text }) => text);
  return items.filter((text) => scanned || /^(?:\\N)?\^/.test(text));
}

/** The second argument of `match{…}{…}` and `sg{…}{…}`, where nothing in it is expanded. */
function inMatches(value: string): string[] {
  return [...value.matchAll(/\b(?:match|sg)\s*\{/g)].flatMap(({ index, 0: opening }) => {
    const second = closingBrace(value, index + opening.length - 1);
    if (second === undefined) return [];
    const gap = /^\s*/.exec(value.slice(second))?.[0].length ?? 0;
    if (value[second + gap] !== '{') return [];
    const end = closingBrace(value, second + gap);
    if (end === undefined) return [];
    const text = value.slice(second + gap + 1, end - 1);
    // A dollar that nothing protects begins an expansion.
    return /\$/.test(text.replace(/\\N[\s\S]*?\\N|\\[\s\S]/g, '')) ? [] : [text];
  });
}
