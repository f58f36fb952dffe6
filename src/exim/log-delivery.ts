/**
 * Lines about one recipient: delivered (`=>`, `->`, `>>`, `*>`), failed (`**`), put off (`==`).
 * Source: delivery_log(), failure_log() and deferral_log() of Exim's deliver.c.
 *
 * The recipient is an address, or for a pipe, file or `:blackhole:` what stands for it, followed by
 * its parents in round and its original in pointed brackets; it is kept as written.
 */
import { parseAddress } from '../base/address.ts';
import type { Deferral, Delivery, Failure, Tag } from './event.ts';
import { addressEnd, loginOf, readTags, tagValue, tlsOf } from './log-tags.ts';

type Fields<T> = Omit<T, 'at' | 'stamp' | 'id'>;

const arrows = new Set(['=>', '->', '>>', '*>', '**', '==']);

export function readDelivery(
  text: string,
  from: number,
): Fields<Delivery> | Fields<Failure> | Fields<Deferral> | undefined {
  const arrow = text.slice(from, from + 2);
  if (!arrows.has(arrow) || text.charCodeAt(from + 2) !== 0x20) return undefined;
  const at = from + 3;
  const end = recipientEnd(text, at, arrow === '**' || arrow === '==');
  const read = readTags(text, end);
  const recipient = text.slice(at, end);
  const more = text.slice(read.end);
  const common = { recipient, tags: read.tags, ...derived(read.tags) };
  if (arrow === '**') return { kind: 'failure', form: 'failure', ...common, text: more };
  if (arrow === '==') {
    const error = /^ defer \((-?\d+)\)/.exec(more)?.[1];
    return {
      kind: 'deferral',
      form: 'deferral',
      ...common,
      ...(error === undefined ? {} : { error: Number(error) }),
      text: more,
    };
  }
  if (more !== '') return undefined;
  const size = tagValue(read.tags, 'S');
  return {
    kind: 'delivery',
    form: 'delivery',
    arrow: arrow as Delivery['arrow'],
    ...common,
    ...(size === undefined || !/^\d+$/.test(size) ? {} : { size: Number(size) }),
  };
}

export function renderDelivery(event: Delivery | Failure | Deferral, tags: string): string {
  if (event.kind === 'delivery') return `${event.arrow} ${event.recipient}${tags}`;
  return `${event.kind === 'failure' ? '**' : '=='} ${event.recipient}${tags}${event.text}`;
}

type Derived = Pick<Fields<Delivery>, 'tls' | 'auth' | 'router' | 'transport' | 'peer' | 'host'>;

function derived(tags: readonly Tag[]): Derived {
  const tls = tlsOf(tags);
  const auth = loginOf(tags);
  const router = tagValue(tags, 'R');
  const transport = tagValue(tags, 'T');
  const host = tagValue(tags, 'H');
  const literal = host === undefined ? undefined : /\[([^\]]*)\](?::(\w+))?\*?$/.exec(host);
  const peer = literal?.[1] === undefined ? undefined : parseAddress(literal[1]);
  const name = host === undefined ? undefined : /^[^\s[]+/.exec(host)?.[0];
  return {
    ...(tls === undefined ? {} : { tls }),
    ...(auth === undefined ? {} : { auth }),
    ...(router === undefined ? {} : { router }),
    ...(transport === undefined ? {} : { transport }),
    ...(peer === undefined ? {} : { peer }),
    ...(literal === undefined || literal === null
      ? {}
      : {
          host: {
            ...(name === undefined ? {} : { name }),
            literal: literal[1] ?? '',
            ...(literal[2] === undefined ? {} : { port: literal[2] }),
          },
        }),
  };
}

const afterDelivered = / (?:[FP]=<|(?:Q|R|T|H|S|QT|DT)=)/y;
const afterExplained = / (?:[FP]=<|(?:Q|R|T|H|S|QT|DT)=|: |defer \(|routing )/y;

/** Where the recipient ends: at the first item that follows it, or in a line that explains, at its colon. */
function recipientEnd(text: string, from: number, explained: boolean): number {
  const after = explained ? afterExplained : afterDelivered;
  const first = text.charCodeAt(from);
  // A pipe, a file or `:blackhole:` may hold spaces; an address ends at the first outside quotes.
  const at = first === 0x7c || first === 0x2f || first === 0x3a ? from : addressEnd(text, from);
  if (explained && at > from && text.charCodeAt(at - 1) === 0x3a) return at - 1;
  let originals = 0;
  for (let space = text.indexOf(' ', at); space !== -1; space = text.indexOf(' ', space + 1)) {
    after.lastIndex = space;
    if (after.test(text)) return space;
    // A pipe's command may be full of them; each is looked at to its end.
    if (text.startsWith(' <', space) && originals < 16) {
      originals += 1;
      const close = text.indexOf('>', addressEnd(text, space + 2) - 1);
      if (close !== -1 && endsRecipient(text, close + 1)) return close + 1;
    }
  }
  return text.length;
}

function endsRecipient(text: string, at: number): boolean {
  return at === text.length || text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x3a;
}
