/** A reading of the grammar as an event: its own fields, and what follows from its tags. */
import { parseAddress } from '../base/address.ts';
import type { LogEvent, LogKind, Tag } from './event.ts';
import type { Reading } from './log-match.ts';
import { loginOf, tagValue, tlsOf } from './log-tags.ts';

export function eventOf(common: Pick<LogEvent, 'at' | 'stamp' | 'id'>, reading: Reading): LogEvent {
  const { production, fields, host, user, tags } = reading;
  const peer = host === undefined ? undefined : parseAddress(host.literal);
  // The productions are written for the interfaces in event.ts; log-line.test.ts holds them to it.
  return {
    ...common,
    kind: production.kind,
    form: production.form,
    ...production.fixed,
    ...(tags === undefined ? {} : { tags, ...derived(production.kind, tags) }),
    ...fields,
    ...(peer === undefined ? {} : { peer }),
    ...(host === undefined ? {} : { host }),
    ...(user === undefined ? {} : { user }),
  } as unknown as LogEvent;
}

function derived(kind: LogKind, tags: readonly Tag[]): Record<string, unknown> {
  const tls = tlsOf(tags);
  const auth = loginOf(tags);
  const sender = tagValue(tags, 'F');
  const common = {
    ...(tls === undefined ? {} : { tls }),
    ...(auth === undefined ? {} : { auth }),
    ...(sender === undefined ? {} : { sender: sender.replace(/^<|>$/g, '') }),
  };
  if (kind !== 'arrival') return common;
  const size = tagValue(tags, 'S');
  const protocol = tagValue(tags, 'P');
  const messageId = tagValue(tags, 'id') ?? tagValue(tags, 'id*');
  return {
    ...common,
    ...(protocol === undefined ? {} : { protocol }),
    ...(size === undefined || !/^\d+$/.test(size) ? {} : { size: Number(size) }),
    ...(messageId === undefined ? {} : { messageId }),
  };
}
