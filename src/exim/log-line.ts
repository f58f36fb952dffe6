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
import { matchProduction, type Readings } from './log-match.ts';
import { productions } from './log-productions.ts';
import { readStamp } from './log-stamp.ts';

/** `line` without its newline. */
export function parseLogLine(line: string, context: LogContext): LogEvent {
  const head = readStamp(line);
  if (head === undefined) {
    return { kind: 'continuation', form: 'continuation', at: undefined, stamp: {}, text: line };
  }
  const common = {
    at: context.at(head.stamp),
    stamp: head.stamp,
    ...(head.id === undefined ? {} : { id: head.id }),
  };
  const delivery = readDelivery(line, head.end);
  if (delivery !== undefined) return { ...common, ...delivery };
  const found = readings(line, head.end, context.junkHelo);
  if (found === undefined) return { ...common, kind: 'other', form: 'other', text: line.slice(head.end) };
  return eventOf(common, found);
}

/** The first production that fits; ambiguous where another one fits with another host. */
function readings(line: string, from: number, junkHelo: boolean): Readings | undefined {
  let first: Readings | undefined;
  for (const production of productions) {
    const found = matchProduction(production, line, from, junkHelo);
    if (found === undefined) continue;
    if (first === undefined) first = found;
    else if (found.ambiguous || found.first.host?.literal !== first.first.host?.literal) {
      return { ...first, ambiguous: true };
    }
  }
  return first;
}
