/**
 * One line of Exim's log to an event.
 *
 * Nothing here fails: a line that no production fits is `other`, one without a time `continuation`.
 * Text that a client chose never decides which address is taken (log-match.ts).
 */
import type { LogEvent } from './event.ts';
import type { LogContext } from './log-context.ts';
import { readDelivery } from './log-delivery.ts';
import { eventOf } from './log-event.ts';
import type { Part, Production } from './log-grammar.ts';
import { matchProduction, type Reading } from './log-match.ts';
import { productions } from './log-productions.ts';
import { readStamp } from './log-stamp.ts';

/** `line` without its newline. */
export function parseLogLine(line: string, context: LogContext): LogEvent {
  const head = readStamp(line);
  if (head === undefined) {
    return { kind: 'continuation', form: 'continuation', at: undefined, stamp: {}, text: line };
  }
  if (laterPiece.test(head.stamp.prefix ?? '')) {
    const text = line.slice(head.stamp.prefix?.length ?? 0);
    return {
      kind: 'continuation',
      form: 'continuation',
      at: undefined,
      stamp: { prefix: head.stamp.prefix ?? '' },
      text,
    };
  }
  const common = {
    at: context.at(head.stamp),
    stamp: head.stamp,
    ...(head.id === undefined ? {} : { id: head.id }),
  };
  const delivery = readDelivery(line, head.end);
  if (delivery !== undefined) return { ...common, ...delivery };
  const found = readings(line, head.end, context.junkHelo);
  const [first, ...others] = found;
  if (first === undefined) return { ...common, kind: 'other', form: 'other', text: line.slice(head.end) };
  if (others.length === 0) return eventOf(common, first);
  return {
    ...common,
    kind: 'ambiguous',
    form: 'ambiguous',
    ambiguous: true,
    readings: [...new Set(found.map(({ production }) => production.kind))],
    text: line.slice(head.end),
  };
}

/** The second piece, or a later one, of an entry that was too long for syslog: never read as a line of its own. */
const laterPiece = /\[(?:[2-9]|\d{2,})[/\\]\d+\] $/;

/** The first reading that fits, and those that name another host: more than one is an ambiguous line. */
function readings(line: string, from: number, junkHelo: boolean): readonly Reading[] {
  let first: Reading | undefined;
  for (const production of byFirst.get(line.charCodeAt(from)) ?? anywhere) {
    const found = matchProduction(production, line, from, junkHelo);
    if (found === undefined) continue;
    if (found.ambiguous) return [first ?? found.first, found.first];
    if (first === undefined) first = found.first;
    else if (disagree(first, found.first)) return [first, found.first];
  }
  return first === undefined ? [] : [first];
}

/** Rows that name nobody, such as those that only know how a line starts, have no say in who the peer is. */
function disagree(one: Reading, other: Reading): boolean {
  if (one.host === undefined && one.user === undefined) return false;
  return other.host !== undefined && other.host.literal !== one.host?.literal;
}

/** Productions by the character that their lines start with; those that do not say stand in every list. */
const anywhere = productions.filter(({ parts }) => firsts(parts[0]) === undefined);
const byFirst = new Map<number, readonly Production[]>();
for (const code of new Set(productions.flatMap(({ parts }) => firsts(parts[0]) ?? []))) {
  byFirst.set(
    code,
    productions.filter(({ parts }) => firsts(parts[0])?.includes(code) ?? true),
  );
}

function firsts(part: Part | undefined): readonly number[] | undefined {
  if (typeof part === 'string') return [part.charCodeAt(0)];
  if (part === undefined) return undefined;
  if ('opening' in part) return [part.opening.charCodeAt(0)];
  if ('values' in part) return part.values.map((value) => value.charCodeAt(0));
  if ('wording' in part) return [part.wording.charCodeAt(0)];
  if ('host' in part && part.host === 'flagged') return [0x48, 0x55];
  return undefined;
}
