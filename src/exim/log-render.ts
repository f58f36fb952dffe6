/**
 * An event as Exim would have written it: the inverse of parseLogLine(), byte for byte, by the same
 * table of productions.
 */
import type { Host, LogEvent } from './event.ts';
import type { Part, Production } from './log-grammar.ts';
import { renderDelivery } from './log-delivery.ts';
import { renderHost } from './log-host.ts';
import { productions } from './log-productions.ts';
import { renderStamp } from './log-stamp.ts';
import { renderTags } from './log-tags.ts';

const byForm = new Map(productions.map((each) => [each.form, each]));

export function renderLogLine(event: LogEvent): string {
  return renderStamp(event.stamp, event.id) + renderMessage(event);
}

function renderMessage(event: LogEvent): string {
  switch (event.kind) {
    case 'delivery':
    case 'failure':
    case 'deferral':
      return renderDelivery(event, renderTags(event.tags));
    case 'other':
    case 'continuation':
    case 'ambiguous':
      return event.text;
    default: {
      const production = byForm.get(event.form);
      if (production === undefined) throw new Error(`no production has the form ${event.form}`);
      return renderParts(production.parts, event as unknown as Fields);
    }
  }
}

type Fields = Readonly<Record<string, unknown>> & { readonly host?: Host; readonly user?: string };

function renderParts(parts: Production['parts'], event: Fields): string {
  return parts.map((part) => renderPart(part, event)).join('');
}

function renderPart(part: Part, event: Fields): string {
  if (typeof part === 'string') return part;
  if ('maybe' in part)
    return part.maybe.some((each) => present(each, event)) ? renderParts(part.maybe, event) : '';
  if ('wording' in part) return part.wording;
  if ('tags' in part) return renderTags((event as { tags?: [] }).tags ?? []);
  if ('host' in part) return renderPeer(part.host, event);
  const kept = event[part.field];
  const value = typeof kept === 'string' ? kept : typeof kept === 'number' ? String(kept) : '';
  return 'take' in part && part.take === 'quoted' ? `"${value}"` : value;
}

/** Whether the event says that an optional stretch was there. */
function present(part: Part, event: Fields): boolean {
  if (typeof part === 'string' || 'tags' in part) return false;
  if ('maybe' in part) return part.maybe.some((each) => present(each, event));
  if ('host' in part) return event.host !== undefined || event.user !== undefined;
  if ('wording' in part) return Object.entries(part.sets).every(([name, value]) => event[name] === value);
  return event[part.field] !== undefined;
}

function renderPeer(style: string, { host, user }: Fields): string {
  const flag = style === 'flagged';
  if (host === undefined) return `${flag ? 'U=' : ''}${user ?? ''}`;
  if (style === 'address') return host.literal;
  const ident = host.ident === undefined ? '' : ` U=${host.ident}`;
  const connection = host.connection === undefined ? '' : ` Ci=${host.connection}`;
  return `${flag ? 'H=' : ''}${renderHost(host)}${ident}${connection}`;
}
