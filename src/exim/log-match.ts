/**
 * Reads a message by a production of the grammar (log-grammar.ts).
 *
 * A field that a peer may fill could end in several places, so all of them are tried; what decides is
 * whether the rest of the line fits. The first reading wins, and the others are followed only for as
 * long as a host is still to come: two readings that name different hosts make the line ambiguous. The
 * number of steps is bounded, so no text can stall the reader; a line that needs more is ambiguous too.
 */
import type { Host, Tag } from './event.ts';
import type { Part, Production } from './log-grammar.ts';
import { readHost } from './log-host.ts';
import { addressEnd, readTags } from './log-tags.ts';

export interface Reading {
  readonly production: Production;
  readonly fields: Readonly<Record<string, string | true>>;
  readonly host?: Host;
  readonly user?: string;
  readonly tags?: readonly Tag[];
}

export interface Readings {
  readonly first: Reading;
  /** Whether another reading names another host. */
  readonly ambiguous: boolean;
}

/** A part and where it leads: `maybe` is unrolled into two ways. */
interface Node {
  readonly part: Part;
  readonly next: Node | undefined;
  /** Where `part` is a `maybe`: its inside, which leads on to `next`. */
  readonly inside?: Node | undefined;
  /** Whether a host may still come, here or later. */
  readonly hostAhead: boolean;
  /** What may stand where this node starts; undefined where that is not known. */
  readonly starts: readonly string[] | undefined;
}

const mostSteps = 20_000;

const compiled = new WeakMap<Production, Node>();

/** Reads `text` from `from` to its end; undefined where it does not fit. */
export function matchProduction(
  production: Production,
  text: string,
  from: number,
  junkHelo: boolean,
): Readings | undefined {
  let start = compiled.get(production);
  if (start === undefined) {
    start = compile(production.parts, undefined);
    if (start === undefined) return undefined;
    compiled.set(production, start);
  }
  const [head] = production.parts;
  if (typeof head === 'string' && !text.startsWith(head, from)) return undefined;
  return new Match(production, text, junkHelo).run(start, from);
}

class Match {
  readonly #production: Production;
  readonly #text: string;
  readonly #junkHelo: boolean;
  readonly #fields: Record<string, string | true> = {};
  #host: Host | undefined;
  #user: string | undefined;
  #tags: readonly Tag[] | undefined;
  #first: Reading | undefined;
  #ambiguous = false;
  #steps = 0;

  constructor(production: Production, text: string, junkHelo: boolean) {
    this.#production = production;
    this.#text = text;
    this.#junkHelo = junkHelo;
  }

  run(start: Node, from: number): Readings | undefined {
    this.#walk(start, from);
    return this.#first === undefined ? undefined : { first: this.#first, ambiguous: this.#ambiguous };
  }

  /** Whether this way led to the end. */
  #walk(node: Node | undefined, at: number): boolean {
    this.#steps += 1;
    if (this.#steps > mostSteps) {
      this.#ambiguous = true;
      return true;
    }
    if (node === undefined) return at === this.#text.length && this.#accept();
    const { part } = node;
    if (typeof part === 'string') {
      return this.#text.startsWith(part, at) && this.#walk(node.next, at + part.length);
    }
    if ('maybe' in part) {
      const led = this.#walk(node.inside, at);
      return (led && !node.hostAhead) || this.#walk(node.next, at) || led;
    }
    if ('host' in part) return this.#walkHost(part.host, node, at);
    if ('tags' in part) {
      const read = readTags(this.#text, at);
      this.#tags = read.tags;
      return this.#walk(node.next, read.end);
    }
    if ('wording' in part) {
      if (!this.#text.startsWith(part.wording, at)) return false;
      for (const [name, value] of Object.entries(part.sets)) this.#fields[name] = value;
      if (this.#walk(node.next, at + part.wording.length)) return true;
      for (const name of Object.keys(part.sets)) this.#unset(name);
      return false;
    }
    if ('values' in part) {
      return part.values.some(
        (value) =>
          this.#text.startsWith(value, at) && this.#keep(part.field, value, node.next, at + value.length),
      );
    }
    return this.#walkField(part, node, at);
  }

  #walkField(part: { field: string; take: string }, node: Node, at: number): boolean {
    const text = this.#text;
    switch (part.take) {
      case 'rest':
        return this.#keep(part.field, text.slice(at), node.next, text.length);
      case 'word': {
        const space = text.indexOf(' ', at);
        const end = space === -1 ? text.length : space;
        return end > at && this.#shorter(part.field, node, at, end);
      }
      case 'number': {
        let end = at;
        while (end < text.length && isNumeric(text.charCodeAt(end))) end += 1;
        return end > at && this.#keep(part.field, text.slice(at, end), node.next, end);
      }
      case 'address': {
        const end = addressEndBefore(text, at, node.next?.starts);
        return this.#keep(part.field, text.slice(at, end), node.next, end);
      }
      case 'quoted':
        return text.charCodeAt(at) === 0x22 && this.#eachEnd(part.field, node, at + 1, ['"'], 1);
      default:
        return this.#eachEnd(part.field, node, at, node.next === undefined ? [] : node.next.starts, 0);
    }
  }

  /** A word ends at a space, or earlier where the next part says so (`pid=12, -q1h`). */
  #shorter(field: string, node: Node, at: number, end: number): boolean {
    const starts = node.next?.starts;
    const stop = starts?.find((start) => start !== '' && !start.startsWith(' '));
    if (stop !== undefined) {
      const early = this.#text.indexOf(stop, at + 1);
      if (early !== -1 && early < end && this.#keep(field, this.#text.slice(at, early), node.next, early)) {
        return true;
      }
    }
    return this.#keep(field, this.#text.slice(at, end), node.next, end);
  }

  /** Tries every place where one of `starts` stands as the end of a text field. */
  #eachEnd(
    field: string,
    node: Node,
    at: number,
    starts: readonly string[] | undefined,
    skip: number,
  ): boolean {
    if (starts === undefined) throw new Error(`the part after ${field} has no fixed start`);
    let led = false;
    const next = node.next;
    for (let end = nearest(this.#text, starts, at); end !== -1; end = nearest(this.#text, starts, end + 1)) {
      if (!this.#keep(field, this.#text.slice(at, end), next, end + skip)) continue;
      led = true;
      if (next?.hostAhead !== true) return true;
    }
    if (led || skip > 0 || (next !== undefined && !starts.includes(''))) return led;
    return this.#keep(field, this.#text.slice(at), next, this.#text.length);
  }

  #walkHost(style: 'flagged' | 'bare' | 'full', node: Node, at: number): boolean {
    const text = this.#text;
    const flagged = style === 'flagged';
    let led = false;
    if (!flagged || text.startsWith('H=', at)) {
      readHost(text, flagged ? at + 2 : at, this.#junkHelo, ({ host, end }) => {
        if (this.#walkIdent(style === 'full', host, node, end)) led = true;
        return this.#steps > mostSteps;
      });
    }
    if (led || style === 'full') return led;
    const from = flagged ? at + 2 : at;
    if (flagged && !text.startsWith('U=', at)) return false;
    return this.#walkUser(node, from);
  }

  /** ` U=ident` may hold spaces: it ends where the rest fits. */
  #walkIdent(plain: boolean, host: Host, node: Node, at: number): boolean {
    if (plain || !this.#text.startsWith(' U=', at)) return this.#walkConnection(plain, host, node, at);
    for (let end = this.#text.indexOf(' ', at + 1); ; end = this.#text.indexOf(' ', end + 1)) {
      const stop = end === -1 ? this.#text.length : end;
      // The ident may be followed by a colon, as in "…failed for H=[192.0.2.1] U=x: 535".
      for (const close of this.#text[stop - 1] === ':' ? [stop - 1, stop] : [stop]) {
        const ident = this.#text.slice(at + 3, close);
        if (this.#walkConnection(false, { ...host, ident }, node, close)) return true;
      }
      if (end === -1) return false;
    }
  }

  #walkConnection(plain: boolean, host: Host, node: Node, at: number): boolean {
    const found = plain ? null : connection(this.#text, at);
    const full = found === null ? host : { ...host, connection: found };
    const before = this.#host;
    this.#host = full;
    if (this.#walk(node.next, found === null ? at : at + 4 + found.length)) return true;
    this.#host = before;
    return false;
  }

  #walkUser(node: Node, from: number): boolean {
    const text = this.#text;
    const opening = text.charCodeAt(from);
    if (opening === 0x5b || opening === 0x28) return false;
    let end = text.indexOf(' ', from);
    if (end === -1) end = text.length;
    if (text.charCodeAt(end - 1) === 0x3a) end -= 1;
    if (end <= from) return false;
    this.#user = text.slice(from, end);
    if (this.#walk(node.next, end)) return true;
    this.#user = undefined;
    return false;
  }

  #keep(field: string, value: string, next: Node | undefined, at: number): boolean {
    this.#fields[field] = value;
    if (this.#walk(next, at)) return true;
    this.#unset(field);
    return false;
  }

  #unset(field: string): void {
    Reflect.deleteProperty(this.#fields, field);
  }

  #accept(): boolean {
    if (this.#first === undefined) {
      this.#first = {
        production: this.#production,
        fields: { ...this.#fields },
        ...(this.#host === undefined ? {} : { host: this.#host }),
        ...(this.#user === undefined ? {} : { user: this.#user }),
        ...(this.#tags === undefined ? {} : { tags: this.#tags }),
      };
    } else if (this.#first.host?.literal !== this.#host?.literal) {
      this.#ambiguous = true;
    }
    return true;
  }
}

function isNumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;
}

function connection(text: string, at: number): string | null {
  if (!text.startsWith(' Ci=', at)) return null;
  const rest = /[^\s:]*/y;
  rest.lastIndex = at + 4;
  return rest.exec(text)?.[0] ?? null;
}

/** An address ends at a space or `>` outside quotes, whichever the next part starts with. */
function addressEndBefore(text: string, at: number, starts: readonly string[] | undefined): number {
  const end = addressEnd(text, at);
  if (starts?.[0]?.startsWith('>') !== true) return end;
  const close = text.lastIndexOf('>', end - 1);
  return close < at ? end : close;
}

/** The first place at or after `from` where one of the texts stands; -1 without one. */
function nearest(text: string, starts: readonly string[], from: number): number {
  let best = -1;
  for (const start of starts) {
    if (start === '') continue;
    const found = text.indexOf(start, from);
    if (found !== -1 && (best === -1 || found < best)) best = found;
  }
  return best;
}

function compile(parts: readonly Part[], after: Node | undefined): Node | undefined {
  let next = after;
  for (const part of parts.toReversed()) {
    const inside = typeof part === 'object' && 'maybe' in part ? compile(part.maybe, next) : undefined;
    const own = typeof part === 'object' && 'host' in part;
    next = {
      part,
      next,
      ...(inside === undefined ? {} : { inside }),
      hostAhead: own || (inside?.hostAhead ?? false) || (next?.hostAhead ?? false),
      starts: startsOf(part, inside, next),
    };
  }
  return next;
}

function startsOf(
  part: Part,
  inside: Node | undefined,
  next: Node | undefined,
): readonly string[] | undefined {
  if (typeof part === 'string') {
    return next !== undefined &&
      typeof next.part === 'object' &&
      'host' in next.part &&
      next.part.host === 'flagged'
      ? [`${part}H=`, `${part}U=`]
      : [part];
  }
  if ('values' in part) return part.values;
  if ('wording' in part) return [part.wording];
  if ('host' in part) return part.host === 'flagged' ? ['H=', 'U='] : undefined;
  if (!('maybe' in part)) return undefined;
  const after = next === undefined ? [''] : next.starts;
  return inside?.starts === undefined || after === undefined ? undefined : [...inside.starts, ...after];
}
