/**
 * Finds the date of each line, and learns: the template that fitted is tried first on the next line, at the
 * same place, and rises in the list as it fits more often. Which of two possible dates a line has depends
 * on the lines before it, so this is fail2ban's own way of learning, step for step.
 */
import type { Expression, Match } from '../expression/expression.ts';
import type { DateTemplate } from './date-template.ts';

export interface FoundDate {
  readonly match: Match;
  readonly template: DateTemplate;
}

interface Known {
  readonly template: DateTemplate;
  hits: number;
  /** How often it has matched at all, chosen or not. */
  matches: number;
  /** Seconds. */
  lastUsed: number;
  /** Where in the line it last was. */
  distance: number;
}

interface Plain {
  readonly known: Known;
  /** Looked up once: every line asks. */
  readonly expression: Expression;
}

const far = 0x7fff_ffff;

/** A template not used for so many seconds gives up its place. */
const unusedAfter = 300;

export class DateDetector {
  readonly #known: Known[];
  #last = far;
  #start = { at: 1, before: undefined as string | undefined, first: undefined as string | undefined };
  #end = { at: far, last: undefined as string | undefined, behind: undefined as string | undefined };
  #firstUnused = 0;
  /** The template of the last line, where `skim` may try it; sought anew once another has been learnt. */
  #plain: Plain | 'none' | undefined;

  constructor(templates: readonly DateTemplate[]) {
    this.#known = templates.map((template) => ({
      template,
      hits: 0,
      matches: 0,
      lastUsed: 0,
      distance: far,
    }));
  }

  /** How often each template has fitted, in the order in which they are tried now. */
  hits(): { readonly template: DateTemplate; readonly hits: number }[] {
    return this.#known.map(({ template, hits }) => ({ template, hits }));
  }

  /** `now` is in seconds. */
  find(line: string, asciiText: boolean, now: number): FoundDate | undefined {
    const again = this.#tryLast(line, asciiText);
    let best = again.match;
    let place = again.place;
    if (best === undefined || !again.isSure) {
      const searched = this.#search(line, asciiText, again);
      best = searched?.match;
      place = searched?.place ?? far;
    }
    if (best === undefined) return undefined;
    const known = this.#known[place] as Known;
    this.#learn(line, known, place, best, now);
    return { match: best, template: known.template };
  }

  /**
   * The end of the date, where it begins the line and is like the last one: the same as `find`, for who needs
   * no more. -1 if that is not so, and then nothing has been learnt.
   */
  skim(line: string, asciiText: boolean, now: number): number {
    this.#plain ??= this.#plainLast();
    const plain = this.#plain;
    if (plain === 'none' || !isWordCode(line.charCodeAt(0))) return -1;
    const end = plain.expression.endOf(line, asciiText);
    if (end === -1) return -1;
    const { known } = plain;
    known.hits += 1;
    known.matches += 1;
    known.lastUsed = now;
    known.distance = 0;
    this.#start.at = 0;
    return end;
  }

  #plainLast(): Plain | 'none' {
    const known = this.#known[this.#last];
    return known?.template.isPlain === true ? { known, expression: known.template.expression } : 'none';
  }

  /** The template of the last line, if possible at the same place. */
  #tryLast(line: string, asciiText: boolean): Again {
    const place = this.#last;
    const known = this.#known[place];
    if (known === undefined) return { match: undefined, place, isSure: false, skip: far };
    const { template } = known;
    const isAlone = template.anchored || this.#known.length === 1;
    let match: Match | undefined;
    let skip = far;
    if (template.anchored || !this.#fitsPlace(line)) {
      match = template.expression.search(line, asciiText);
      skip = place;
    } else {
      match = template.expression.search(line.slice(0, this.#end.at), asciiText, this.#start.at);
    }
    if (match !== undefined) known.matches += 1;
    const isSure = isAlone || (match?.start === this.#start.at && match.end === this.#end.at);
    return { match, place, isSure, skip };
  }

  /** Whether the characters around the last place are those of the last line. */
  #fitsPlace(line: string): boolean {
    const [start, end] = [this.#start, this.#end];
    const isWord = (text: string | undefined): boolean => /^[\p{L}\p{N}]+$/u.test(text ?? '');
    const fitsStart =
      line.slice(Math.max(0, start.at - 1), start.at) === start.before ||
      (line.slice(start.at, start.at + 1) === start.first && !isWord(start.first));
    const fitsEnd =
      line.slice(end.at, end.at + 1) === end.behind ||
      (line.slice(end.at - 1, end.at) === end.last && !isWord(end.last));
    return fitsStart && fitsEnd;
  }

  #search(line: string, asciiText: boolean, again: Again): Candidate | undefined {
    let reserve: Candidate | undefined =
      again.match === undefined ? undefined : { match: again.match, place: again.place };
    for (const [place, known] of this.#known.entries()) {
      if (place === again.skip) continue;
      const match = known.template.expression.search(line, asciiText);
      if (match === undefined) continue;
      known.matches += 1;
      const found = { match, place };
      const next = this.#known[place + 1];
      if (next === undefined || known.template.anchored) return found;
      if (match.start === 0 && known.hits > 0 && next.matches === 0) return found;
      // Farther from the start than before: it may be something in the message, so others come first.
      if (match.start > known.distance || match.start > this.#start.at) {
        if (match.start < (reserve?.match.start ?? far)) reserve = found;
        continue;
      }
      return found;
    }
    return reserve;
  }

  #learn(line: string, known: Known, place: number, match: Match, now: number): void {
    this.#plain = undefined;
    known.hits += 1;
    known.lastUsed = now;
    known.distance = match.start;
    if (this.#firstUnused === place) this.#firstUnused += 1;
    this.#start = {
      at: match.start,
      before: line.slice(Math.max(0, match.start - 1), match.start),
      first: line[match.start],
    };
    this.#end = { at: match.end, last: line.at(match.end - 1), behind: line.slice(match.end, match.end + 1) };
    this.#last = place !== 0 && place !== this.#last ? this.#rise(place) : place;
  }

  /** Moves a template up, if it fits better than the one at that place; returns where it is now. */
  #rise(place: number): number {
    const known = this.#known[place] as Known;
    const weight = weightOf(known);
    const mayMove = (to: number): boolean => {
      const other = this.#known[to] as Known;
      return weight > weightOf(other) || known.lastUsed - unusedAfter > other.lastUsed;
    };
    let to = this.#firstUnused < place ? this.#firstUnused : Math.floor(place / 2);
    if (!mayMove(to)) {
      if (to === place - 1) return place;
      to = place - 1;
      if (!mayMove(to)) return place;
    }
    this.#known.splice(place, 1);
    this.#known.splice(to, 0, known);
    while ((this.#known[this.#firstUnused]?.hits ?? 0) > 0) this.#firstUnused += 1;
    return to;
  }
}

interface Candidate {
  readonly match: Match;
  readonly place: number;
}

interface Again {
  readonly match: Match | undefined;
  readonly place: number;
  readonly isSure: boolean;
  /** The template that needs no second try; far for none. */
  readonly skip: number;
}

/** An ASCII letter or digit. */
function isWordCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function weightOf({ hits, template, distance }: Known): number {
  return (hits * template.weight) / Math.max(1, distance);
}
