/**
 * Reads a message by a production of the grammar (log-grammar.ts).
 *
 * A field that a peer may fill could end in several places, so all of them are tried; what decides is
 * whether the rest of the line fits. The first reading wins, and the others are followed only for as
 * long as a host is still to come: two readings that name different hosts make the line ambiguous. The
 * number of steps is bounded, so no text can stall the reader; a line that needs more is ambiguous too.
 */
import type { Host, Tag } from './event.ts';
import type { HostStyle, Production, Take } from './log-grammar.ts';
import { readHost } from './log-host.ts';
import { compiledProduction, type GrammarNode } from './log-nodes.ts';
import { addressEnd, readTags } from './log-tags.ts';

export type FieldValue = string | number | true;

export interface Reading {
  readonly production: Production;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly host?: Host;
  readonly user?: string;
  readonly tags?: readonly Tag[];
}

export interface Readings {
  readonly first: Reading;
  /** Whether another reading names another host. */
  readonly ambiguous: boolean;
}

const mostSteps = 20_000;

/** Exim keeps 127 characters of an ident (verify.c); each may be printed as four. */
const longestIdent = 512;

/** Reads `text` from `from` to its end; undefined where it does not fit. */
export function matchProduction(
  production: Production,
  text: string,
  from: number,
  junkHelo: boolean,
): Readings | undefined {
  const [head] = production.parts;
  if (typeof head === 'string' && !text.startsWith(head, from)) return undefined;
  return new Match(production, text, junkHelo).run(compiledProduction(production), from);
}

class Match {
  readonly #production: Production;
  readonly #text: string;
  readonly #junkHelo: boolean;
  readonly #fields: Record<string, FieldValue> = {};
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

  run(start: GrammarNode | undefined, from: number): Readings | undefined {
    this.#walk(start, from);
    return this.#first === undefined ? undefined : { first: this.#first, ambiguous: this.#ambiguous };
  }

  /** Whether this way led to the end. */
  #walk(node: GrammarNode | undefined, at: number): boolean {
    this.#steps += 1;
    if (this.#steps > mostSteps) {
      this.#ambiguous = true;
      return true;
    }
    if (node === undefined) return at === this.#text.length && this.#accept();
    const { part, next } = node;
    if (typeof part === 'string') {
      return this.#text.startsWith(part, at) && this.#walk(next, at + part.length);
    }
    if ('maybe' in part) {
      const led = this.#walk(node.inside, at);
      return (led && !node.hostAhead) || this.#walk(next, at) || led;
    }
    if ('host' in part) return this.#walkHost(part.host, node, at);
    if ('tags' in part) {
      const before = this.#tags;
      const read = readTags(this.#text, at);
      this.#steps += read.end - at;
      this.#tags = read.tags;
      if (this.#walk(next, read.end)) return true;
      this.#tags = before;
      return false;
    }
    if ('wording' in part) return this.#walkWording(part.wording, part.sets, node, at);
    if ('values' in part) {
      return part.values.some(
        (value) => this.#text.startsWith(value, at) && this.#keep(part.field, value, next, at + value.length),
      );
    }
    if ('opening' in part) {
      const { field, opening } = part;
      return (
        this.#text.startsWith(opening, at) && this.#keep(field, this.#text.slice(at), next, this.#text.length)
      );
    }
    return this.#walkField(part.field, part.take, node, at);
  }

  #walkWording(
    words: string,
    sets: Readonly<Record<string, string | true>>,
    node: GrammarNode,
    at: number,
  ): boolean {
    if (!this.#text.startsWith(words, at)) return false;
    Object.assign(this.#fields, sets);
    if (this.#walk(node.next, at + words.length)) return true;
    for (const name of Object.keys(sets)) Reflect.deleteProperty(this.#fields, name);
    return false;
  }

  #walkField(field: string, take: Take, node: GrammarNode, at: number): boolean {
    const text = this.#text;
    switch (take) {
      case 'rest':
        return this.#keep(field, text.slice(at), node.next, text.length);
      case 'word': {
        const space = text.indexOf(' ', at);
        const end = space === -1 ? text.length : space;
        return end > at && this.#shorter(field, node, at, end);
      }
      case 'name':
      case 'number':
      case 'count': {
        patterns[take].lastIndex = at;
        const found = patterns[take].exec(text)?.[0];
        if (found === undefined) return false;
        const value = take === 'count' ? Number(found) : found;
        return this.#keep(field, value, node.next, at + found.length);
      }
      case 'address': {
        const end = addressEndBefore(text, at, node.next?.starts);
        return this.#keep(field, text.slice(at, end), node.next, end);
      }
      case 'quoted':
        return text.charCodeAt(at) === 0x22 && this.#eachEnd(field, node, at + 1, ['"'], 1);
      default:
        return this.#eachEnd(field, node, at, node.next === undefined ? [] : node.next.starts, 0);
    }
  }

  /** A word ends at a space, or earlier where the next part says so (`pid=12, -q1h`). */
  #shorter(field: string, node: GrammarNode, at: number, end: number): boolean {
    const stop = node.next?.starts?.find((start) => start !== '' && !start.startsWith(' '));
    const early = stop === undefined ? -1 : this.#text.indexOf(stop, at + 1);
    if (early !== -1 && early < end && this.#keep(field, this.#text.slice(at, early), node.next, early)) {
      return true;
    }
    return this.#keep(field, this.#text.slice(at, end), node.next, end);
  }

  /** Tries every place where one of `starts` stands as the end of a text field. */
  #eachEnd(
    field: string,
    { next }: GrammarNode,
    at: number,
    starts: readonly string[] | undefined,
    skip: number,
  ): boolean {
    if (starts === undefined) throw new Error(`the part after ${field} has no fixed start`);
    let led = false;
    const places = new Places(this.#text, starts, at);
    for (let end = places.next(); end !== -1; end = places.next()) {
      if (!this.#keep(field, this.#text.slice(at, end), next, end + skip)) continue;
      led = true;
      if (next?.hostAhead !== true || this.#ambiguous) return true;
    }
    if (led || skip > 0 || (next !== undefined && !starts.includes(''))) return led;
    return this.#keep(field, this.#text.slice(at), next, this.#text.length);
  }

  #walkHost(style: HostStyle, node: GrammarNode, at: number): boolean {
    const text = this.#text;
    if (style === 'address') {
      const end = text.indexOf(' ', at) === -1 ? text.length : text.indexOf(' ', at);
      return end > at && this.#walkConnection(true, { literal: text.slice(at, end) }, node, end);
    }
    const flagged = style === 'flagged';
    if (style === 'bracketed' && text.charCodeAt(at) !== 0x5b) return false;
    const plain = style === 'full' || style === 'remote' || style === 'bracketed';
    let led = false;
    if ((!flagged || text.startsWith('H=', at)) && (style !== 'remote' || text.charCodeAt(at) !== 0x28)) {
      const junk = this.#junkHelo && style !== 'remote';
      let offers = 0;
      readHost(text, flagged ? at + 2 : at, junk, ({ host, end }) => {
        if (style === 'remote' && host.helo !== undefined) return false;
        offers += 1;
        if (!this.#walkIdent(plain, host, node, end)) return this.#steps > mostSteps;
        led = true;
        // Where a plain host part stands there and only a stranger one fits, a client may have seen to it.
        if (offers > 1) this.#ambiguous = true;
        return this.#steps > mostSteps || this.#ambiguous;
      });
    }
    if (led || plain) return led;
    if (flagged && !text.startsWith('U=', at)) return false;
    return this.#walkUser(node, flagged ? at + 2 : at);
  }

  /** ` U=ident` may hold spaces: it ends where the rest fits. */
  #walkIdent(plain: boolean, host: Host, node: GrammarNode, at: number): boolean {
    if (plain || !this.#text.startsWith(' U=', at)) return this.#walkConnection(plain, host, node, at);
    for (let end = this.#text.indexOf(' ', at + 1); ; end = this.#text.indexOf(' ', end + 1)) {
      const stop = end === -1 ? this.#text.length : end;
      if (stop - at > longestIdent) return false;
      // The ident may be followed by a colon, as in "…failed for H=[192.0.2.1] U=x: 535".
      for (const close of this.#text[stop - 1] === ':' ? [stop - 1, stop] : [stop]) {
        if (close < at + 3) continue;
        const ident = this.#text.slice(at + 3, close);
        if (this.#walkConnection(false, { ...host, ident }, node, close)) return true;
      }
      if (end === -1) return false;
    }
  }

  #walkConnection(plain: boolean, host: Host, node: GrammarNode, at: number): boolean {
    const found = plain ? null : connection(this.#text, at);
    const before = this.#host;
    this.#host = found === null ? host : { ...host, connection: found };
    if (this.#walk(node.next, found === null ? at : at + 4 + found.length)) return true;
    this.#host = before;
    return false;
  }

  #walkUser(node: GrammarNode, from: number): boolean {
    const text = this.#text;
    let end = text.indexOf(' ', from);
    if (end === -1) end = text.length;
    if (text.charCodeAt(end - 1) === 0x3a) end -= 1;
    // A login name has no brackets; what has them is a host that fits another row.
    if (end <= from || /[[\](]/.test(text.slice(from, end))) return false;
    this.#user = text.slice(from, end);
    if (this.#walk(node.next, end)) return true;
    this.#user = undefined;
    return false;
  }

  #keep(field: string, value: FieldValue, next: GrammarNode | undefined, at: number): boolean {
    this.#fields[field] = value;
    if (this.#walk(next, at)) return true;
    Reflect.deleteProperty(this.#fields, field);
    return false;
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

const patterns = {
  name: /[A-Za-z]\w*/y,
  number: /[+-]?\d+(?:\.\d+)?/y,
  count: /(?:0|[1-9]\d{0,14})/y,
};

function connection(text: string, at: number): string | null {
  if (!text.startsWith(' Ci=', at)) return null;
  const rest = /[^\s:]*/y;
  rest.lastIndex = at + 4;
  return rest.exec(text)?.[0] ?? null;
}

/** An address ends at a space or `>` outside quotes, whichever the next part starts with. */
function addressEndBefore(text: string, at: number, starts: readonly string[] | undefined): number {
  const end = addressEnd(text, at);
  if (starts?.some((start) => start.startsWith(':')) === true && text.charCodeAt(end - 1) === 0x3a)
    return end - 1;
  if (starts?.[0]?.startsWith('>') !== true) return end;
  const close = text.lastIndexOf('>', end - 1);
  return close < at ? end : close;
}

/** The places where one of several texts stands, from left to right; each text is looked for once. */
class Places {
  readonly #text: string;
  readonly #wanted: readonly string[];
  readonly #at: number[];

  constructor(text: string, starts: readonly string[], from: number) {
    this.#text = text;
    this.#wanted = starts.filter((start) => start !== '');
    this.#at = this.#wanted.map((start) => text.indexOf(start, from));
  }

  /** -1 after the last. */
  next(): number {
    const at = this.#at;
    let best = -1;
    for (const place of at) if (place !== -1 && (best === -1 || place < best)) best = place;
    if (best === -1) return -1;
    for (const [index, start] of this.#wanted.entries()) {
      if (at[index] === best) at[index] = this.#text.indexOf(start, best + 1);
    }
    return best;
  }
}
