/**
 * Counts the lines of a block for `log stats`: kinds, hours, peers, and mail as eximstats counts it
 * (exim4-base, eximstats(8)), so that the figures can be compared.
 *
 * eximstats calls a reject every line that says rejected, refused or dropped and is no arrival or
 * delivery, and every delivery without a transport; temporary where the text says so in one of three
 * ways. The size of a delivery is that of the message's arrival line.
 */
import { AddressCounts } from './address-counts.ts';
import type { LogKind } from './event.ts';
import type { LineScanner } from './line-scanner.ts';
import { LineShape } from './line-shape.ts';
import type { LogContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';
import { MailCounts } from './mail-counts.ts';
import { refusedReserve, rejectedRcpt, shapeCount, temporarily } from './shapes.ts';

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
  readonly #scanner: LineScanner;
  readonly #shape: LineShape;
  readonly #context: LogContext;
  readonly #kinds: (LogKind | undefined)[] = Array.from({ length: shapeCount });
  /** By shape, whether its wording says no; 0 for lines without one. */
  readonly #refuses = new Uint8Array(shapeCount);
  readonly #byShape = new Uint32Array(shapeCount);
  readonly #events = new Map<string, number>();
  readonly #hours = new Map<string, HourCounts>();
  readonly #peers = new AddressCounts();
  /** Those that are not IPv4 addresses, by their text. */
  readonly #otherPeers = new Map<string, number>();
  readonly #mail = new MailCounts();
  #hour: HourCounts = noHour();
  /** What the shape said when `#hour` was looked up. */
  #minutes = -1;
  #lines = 0;

  constructor(scanner: LineScanner, context: LogContext) {
    this.#scanner = scanner;
    this.#shape = new LineShape(scanner);
    this.#context = context;
  }

  /** Counts `count` indexed lines from `from` on, of the piece of that number; returns where the next starts. */
  count(from: number, count: number, piece: number): number {
    const { lines } = this.#scanner;
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
      const { messageAt } = shape;
      if (messageAt !== -1) {
        this.#seeHour(shape.timeAt);
        this.#seeMail(number, shape.idAt === -1 ? -1 : messageAt, end, piece);
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
    const peers = new Map(this.#otherPeers);
    for (const [peer, count] of this.#peers) peers.set(dotted(peer), count);
    return { lines: this.#lines, events: this.#events, hours: this.#hours, peers, mail: this.#mail };
  }

  #seePeer(): void {
    const shape = this.#shape;
    if (shape.isIPv4) this.#peers.add(shape.ipv4);
    else add(this.#otherPeers, text(this.#scanner.bytes, shape.literalAt, shape.literalEnd), 1);
  }

  /** A line without a shape, or the first of one. */
  #parse(number: number, start: number, end: number): void {
    const event = parseLogLine(
      text(this.#scanner.bytes, start, Math.min(end, start + 65_536)),
      this.#context,
    );
    add(this.#events, event.kind, 1);
    if (number > 0) {
      this.#kinds[number] = event.kind;
      this.#refuses[number] = refusing.has(event.kind) ? 1 : 0;
    }
    if (event.peer === undefined || outward.has(event.kind)) return;
    if (event.peer.includes(':')) add(this.#otherPeers, event.peer, 1);
    else this.#peers.add(packed(event.peer));
  }

  #seeHour(start: number): void {
    const { minutes } = this.#shape;
    if (minutes !== this.#minutes) {
      this.#minutes = minutes;
      const { bytes } = this.#scanner;
      const name = text(bytes, start, start + 13);
      this.#hour = this.#hours.get(name) ?? noHour();
      this.#hours.set(name, this.#hour);
    }
    this.#hour.lines += 1;
  }

  #seeMail(number: number, withId: number, end: number, piece: number): void {
    const { bytes } = this.#scanner;
    const mail = this.#mail;
    const { messageAt } = this.#shape;
    if (withId !== -1) {
      const first = bytes[messageAt];
      const second = bytes[messageAt + 1];
      if (first === 0x3c && second === 0x3d) {
        this.#hour.received += 1;
        mail.arrived(this.#id(), this.#size(messageAt, end), piece);
        return;
      }
      if (second === 0x3e && (first === 0x3d || first === 0x2d)) {
        const firstOfAll = first === 0x3d;
        this.#hour.delivered += 1;
        mail.delivered(this.#id(), firstOfAll);
        if (firstOfAll && !this.#contains(messageAt, end, transport)) mail.rejected(false);
        return;
      }
      if (first === second && (first === 0x3d || first === 0x2a)) {
        mail.troubled(this.#id(), first === 0x3d ? 'delayed' : 'failed');
        return;
      }
      if (first === 0x43 && second === 0x6f) {
        mail.completed(this.#id(), piece);
        return;
      }
    }
    this.#seeReject(number, withId === -1 ? messageAt : this.#shape.idAt, end);
  }

  /** A message id, of either length, without a string for each of its characters. */
  #id(): string {
    const { bytes } = this.#scanner;
    const { idAt, idEnd } = this.#shape;
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

  /** `at` is where eximstats looks for an id, and 17 bytes on for a flag. */
  #seeReject(number: number, at: number, end: number): void {
    const { bytes } = this.#scanner;
    if (end < at + 17 || (isFlag(bytes[at + 17]) && isFlag(bytes[at + 18]))) return;
    // The wording of such a line says no, whatever its client's text says.
    const isNo = this.#refuses[number] === 1;
    if (!isNo && !this.#saysNo(at, end)) return;
    this.#hour.rejected += 1;
    this.#mail.rejected(!(isNo && !mayBeTemporary(number)) && this.#isTemporary(end));
  }

  #isTemporary(end: number): boolean {
    const { messageAt } = this.#shape;
    if (!this.#has(saysTemporarily, messageAt, end) && !this.#contains(messageAt, end, spaceTemporarily))
      return false;
    return isTemporary(text(this.#scanner.bytes, messageAt, end));
  }

  /** Whether one of eximstats' three words starts the message, or stands after what ends a word. */
  #saysNo(from: number, end: number): boolean {
    if (this.#isNo(from, end)) return true;
    const { next } = this.#scanner;
    for (let at = next(from); at < end; at = next(at + 1)) if (this.#isNo(at + 1, end)) return true;
    return false;
  }

  #isNo(at: number, end: number): boolean {
    const code = this.#scanner.bytes[at];
    if (code === 0x72) return this.#has(rejected, at, end) || this.#has(refused, at, end);
    return code === 0x64 && this.#has(dropped, at, end);
  }

  #contains(from: number, end: number, words: Uint8Array): boolean {
    const { next } = this.#scanner;
    for (let at = next(from); at < end; at = next(at + 1)) if (this.#has(words, at, end)) return true;
    return false;
  }

  #has(words: Uint8Array, at: number, end: number): boolean {
    const { bytes } = this.#scanner;
    const { length } = words;
    if (at + length > end) return false;
    let place = 0;
    while (place < length && bytes[at + place] === words[place]) place += 1;
    return place === length;
  }

  /** ` S=` and its digits. */
  #size(from: number, end: number): number {
    const { bytes } = this.#scanner;
    const { next } = this.#scanner;
    for (let at = next(from); at < end; at = next(at + 1)) {
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

const encoder = new TextEncoder();
const rejected = encoder.encode('rejected');
const refused = encoder.encode('refused');
const dropped = encoder.encode('dropped');
const saysTemporarily = encoder.encode('temporarily ');
const spaceTemporarily = encoder.encode(' temporarily ');
const transport = encoder.encode(' T=');

/** Whether the wording of a shape says that the refusal is temporary. */
function mayBeTemporary(shape: number): boolean {
  return (
    (shape >= rejectedRcpt + temporarily && shape < rejectedRcpt + 2 * temporarily) ||
    shape === refusedReserve
  );
}

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
