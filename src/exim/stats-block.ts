/**
 * Counts the lines of a block for `log stats`: kinds, hours, peers, and mail as eximstats counts it
 * (exim4-base, eximstats(8)), so that the figures can be compared.
 *
 * eximstats calls a reject every line that says rejected, refused or dropped and is no arrival or
 * delivery, and every delivery without a transport; temporary where the text says so in one of three
 * ways. The size of a delivery is that of the message's arrival line.
 */
import type { LineIndex } from './line-index.ts';
import { byteWords } from './byte-words.ts';
import type { LineBytes } from './line-bytes.ts';
import { LineShape } from './line-shape.ts';
import { mayBeTemporary, shapeCount } from './line-words.ts';
import type { LogContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';
import { MailCounts } from './mail-counts.ts';

export interface HourCounts {
  lines: number;
  received: number;
  delivered: number;
  rejected: number;
}

export interface StatsCounts {
  readonly lines: number;
  readonly events: ReadonlyMap<string, number>;
  /** By `2026-11-23 08`, in the time of the log. */
  readonly hours: ReadonlyMap<string, HourCounts>;
  /** Lines that name a peer which came to us. */
  readonly peers: ReadonlyMap<string, number>;
  readonly mail: MailCounts;
}

export class StatsBlock {
  readonly #index: LineIndex;
  readonly #shape: LineShape;
  readonly #context: LogContext;
  readonly #kinds: (string | undefined)[] = Array.from({ length: shapeCount });
  readonly #byShape = new Uint32Array(shapeCount);
  readonly #events = new Map<string, number>();
  readonly #hours = new Map<string, HourCounts>();
  /** IPv4 peers as numbers; the others by their text. */
  readonly #peers = new Map<number | string, number>();
  readonly #mail = new MailCounts();
  #hour: HourCounts = noHour();
  #hourText = new Uint8Array(13);
  #lines = 0;

  constructor(index: LineIndex, context: LogContext) {
    this.#index = index;
    this.#shape = new LineShape(index);
    this.#context = context;
  }

  /** Counts `count` indexed lines from `from` on, of the piece of that number; returns where the next starts. */
  count(from: number, count: number, piece: number): number {
    const { lines } = this.#index;
    const shape = this.#shape;
    let start = from;
    for (let line = 0; line < count; line += 1) {
      const end = lines[line * 2] ?? 0;
      const number = shape.of(start, end, lines[line * 2 + 1] ?? 0);
      if (number === 0 || this.#kinds[number] === undefined) this.#parse(number, start, end);
      else {
        this.#byShape[number] = (this.#byShape[number] ?? 0) + 1;
        if (shape.hasPeer) this.#seePeer();
      }
      const { messageAt, line: bytes } = shape;
      if (messageAt !== -1) {
        this.#seeHour(bytes.timeAt);
        this.#seeMail(number, bytes.idAt === -1 ? -1 : messageAt, end, piece);
      }
      start = end + 1;
    }
    this.#lines += count;
    return start;
  }

  counts(): StatsCounts {
    for (const [number, kind] of this.#kinds.entries()) {
      if (kind !== undefined) add(this.#events, kind, this.#byShape[number] ?? 0);
    }
    this.#byShape.fill(0);
    const peers = new Map<string, number>();
    for (const [peer, count] of this.#peers) peers.set(typeof peer === 'string' ? peer : dotted(peer), count);
    return { lines: this.#lines, events: this.#events, hours: this.#hours, peers, mail: this.#mail };
  }

  #seePeer(): void {
    const { line } = this.#shape;
    const peer = line.isIPv4 ? line.ipv4 : text(line.bytes, line.literalAt, line.literalEnd);
    this.#peers.set(peer, (this.#peers.get(peer) ?? 0) + 1);
  }

  /** A line without a shape, or the first of one. */
  #parse(number: number, start: number, end: number): void {
    const event = parseLogLine(text(this.#index.bytes, start, Math.min(end, start + 65_536)), this.#context);
    add(this.#events, event.kind, 1);
    if (number > 0) this.#kinds[number] = event.kind;
    if (event.peer === undefined || outward.has(event.kind)) return;
    const peer = event.peer.includes(':') ? event.peer : packed(event.peer);
    this.#peers.set(peer, (this.#peers.get(peer) ?? 0) + 1);
  }

  #seeHour(start: number): void {
    const { bytes } = this.#index;
    const known = this.#hourText;
    let place = 12;
    while (place >= 0 && bytes[start + place] === known[place]) place -= 1;
    if (place >= 0) {
      this.#hourText = bytes.slice(start, start + 13);
      const name = text(bytes, start, start + 13);
      this.#hour = this.#hours.get(name) ?? noHour();
      this.#hours.set(name, this.#hour);
    }
    this.#hour.lines += 1;
  }

  #seeMail(number: number, withId: number, end: number, piece: number): void {
    const { bytes } = this.#index;
    const mail = this.#mail;
    const { line, messageAt } = this.#shape;
    if (withId !== -1) {
      const first = bytes[messageAt];
      const second = bytes[messageAt + 1];
      if (first === 0x3c && second === 0x3d) {
        this.#hour.received += 1;
        mail.arrived(idOf(line), this.#size(messageAt, end), piece);
        return;
      }
      if (second === 0x3e && (first === 0x3d || first === 0x2d)) {
        const firstOfAll = first === 0x3d;
        this.#hour.delivered += 1;
        mail.delivered(idOf(line), firstOfAll);
        if (firstOfAll && !this.#contains(messageAt, end, transport)) mail.rejected(false);
        return;
      }
      if (first === second && (first === 0x3d || first === 0x2a)) {
        mail.troubled(idOf(line), first === 0x3d ? 'delayed' : 'failed');
        return;
      }
      if (first === 0x43 && second === 0x6f) {
        mail.completed(idOf(line), piece);
        return;
      }
    }
    this.#seeReject(number, withId === -1 ? messageAt : line.idAt, end);
  }

  /** `at` is where eximstats looks for an id, and 17 bytes on for a flag. */
  #seeReject(number: number, at: number, end: number): void {
    const { bytes } = this.#index;
    if (end < at + 17 || (isFlag(bytes[at + 17]) && isFlag(bytes[at + 18]))) return;
    // The wording of such a line says no, whatever its client's text says.
    const isNo = refusing.has(this.#kinds[number] ?? '');
    if (!isNo && !this.#saysNo(at, end)) return;
    this.#hour.rejected += 1;
    this.#mail.rejected(!(isNo && !mayBeTemporary(number)) && this.#isTemporary(end));
  }

  #isTemporary(end: number): boolean {
    const { line, messageAt } = this.#shape;
    if (!line.has(temporarily, messageAt, end) && !this.#contains(messageAt, end, spaceTemporarily))
      return false;
    return isTemporary(text(line.bytes, messageAt, end));
  }

  /** Whether one of eximstats' three words starts the message, or stands after what ends a word. */
  #saysNo(from: number, end: number): boolean {
    if (this.#isNo(from, end)) return true;
    const { line } = this.#shape;
    for (let at = line.next(from); at < end; at = line.next(at + 1)) if (this.#isNo(at + 1, end)) return true;
    return false;
  }

  #isNo(at: number, end: number): boolean {
    const { line } = this.#shape;
    const code = this.#index.bytes[at];
    if (code === 0x72) return line.has(rejected, at, end) || line.has(refused, at, end);
    return code === 0x64 && line.has(dropped, at, end);
  }

  #contains(from: number, end: number, words: ReturnType<typeof byteWords>): boolean {
    const { line } = this.#shape;
    for (let at = line.next(from); at < end; at = line.next(at + 1))
      if (line.has(words, at, end)) return true;
    return false;
  }

  /** ` S=` and its digits. */
  #size(from: number, end: number): number {
    const { bytes } = this.#index;
    const { line } = this.#shape;
    for (let at = line.next(from); at < end; at = line.next(at + 1)) {
      if (bytes[at] !== 0x20 || bytes[at + 1] !== 0x53 || bytes[at + 2] !== 0x3d) continue;
      let value = 0;
      let place = at + 3;
      for (; (bytes[place] ?? 0) >= 0x30 && (bytes[place] ?? 0) <= 0x39; place += 1) {
        value = value * 10 + (bytes[place] ?? 0) - 0x30;
      }
      if (place > at + 3 && (place === end || bytes[place] === 0x20)) return value;
    }
    return 0;
  }
}

/** Kinds that name a host which we went to. */
const outward: ReadonlySet<string> = new Set(['delivery', 'failure', 'deferral', 'outgoing']);

/** Kinds of which every line has one of eximstats' three words in its wording. */
const refusing: ReadonlySet<string> = new Set([
  'refused',
  'rejected',
  'dropped',
  'sync-error',
  'helo-rejected',
]);

const rejected = byteWords('rejected');
const refused = byteWords('refused');
const dropped = byteWords('dropped');
const temporarily = byteWords('temporarily ');
const spaceTemporarily = byteWords(' temporarily ');
const transport = byteWords(' T=');

/** Of `/^[<>=*-]+$/`, which eximstats takes for a flag wherever it stands. */
function isFlag(code: number | undefined): boolean {
  return code === 0x3c || code === 0x3e || code === 0x3d || code === 0x2a || code === 0x2d;
}

function isTemporary(message: string): boolean {
  if (!message.includes('temporarily ') || message.includes('SpamAssassin')) return false;
  if (/temporarily rejected [A-Z]* .*?: .*?(?::|\s*$)/.test(message)) return true;
  if (message.includes('temporarily refused connection')) return true;
  return /temporarily rejected connection in .*?ACL/.test(message);
}

function noHour(): HourCounts {
  return { lines: 0, received: 0, delivered: 0, rejected: 0 };
}

/** A message id, of either length, without a string for each of its characters. */
function idOf({ bytes, idAt, idEnd }: LineBytes): string {
  let id = '';
  for (let at = idAt; at + 8 <= idEnd; at += 8) {
    id += String.fromCharCode(
      bytes[at] ?? 0,
      bytes[at + 1] ?? 0,
      bytes[at + 2] ?? 0,
      bytes[at + 3] ?? 0,
      bytes[at + 4] ?? 0,
      bytes[at + 5] ?? 0,
      bytes[at + 6] ?? 0,
      bytes[at + 7] ?? 0,
    );
  }
  return id + text(bytes, idEnd - ((idEnd - idAt) % 8), idEnd);
}

function text(bytes: Uint8Array, from: number, end: number): string {
  let made = '';
  for (let at = from; at < end; at += 1) made += String.fromCharCode(bytes[at] ?? 0);
  return made;
}

function packed(address: string): number {
  return address.split('.').reduce((value, part) => (value << 8) | Number(part), 0);
}

function dotted(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function add(counts: Map<string, number>, name: string, more: number): void {
  if (more > 0) counts.set(name, (counts.get(name) ?? 0) + more);
}
