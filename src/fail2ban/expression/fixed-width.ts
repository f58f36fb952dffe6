/** How many characters a pattern takes, where that is one number: what a look-behind must have. */
import type { Pattern } from './pattern.ts';

export function fixedWidth(pattern: Pattern): number | undefined {
  switch (pattern.kind) {
    case 'sequence':
      return sum(pattern.items.map(fixedWidth));
    case 'choice':
      return same(pattern.branches.map(fixedWidth));
    case 'conditional':
      return same([pattern.yes, pattern.no].map(fixedWidth));
    case 'group':
    case 'atomic':
      return fixedWidth(pattern.body);
    case 'repeat': {
      const width = fixedWidth(pattern.body);
      if (width === undefined) return undefined;
      return pattern.least === pattern.most || width === 0 ? width * pattern.least : undefined;
    }
    case 'reference':
      return undefined;
    case 'look':
    case 'edge':
      return 0;
    default:
      return 1;
  }
}

function sum(widths: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const width of widths) {
    if (width === undefined) return undefined;
    total += width;
  }
  return total;
}

function same(widths: readonly (number | undefined)[]): number | undefined {
  return widths.every((width) => width === widths[0]) ? widths[0] : undefined;
}
