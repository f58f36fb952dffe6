/**
 * Looks names up in the background, few at a time, each within a limit; answers are kept for five minutes, no
 * answer too. Whoever asks is told later. Names come from logs, so all of it is bounded: what is too much is
 * never answered.
 */
import { Resolver } from 'node:dns/promises';
import { type Address, parseAddress } from '../base/address.ts';
import type { Resolve } from './resolved-names.ts';

const timeoutMs = 3000;
const mostAtOnce = 4;
const mostWaiting = 1000;
const mostKept = 1000;
const keptMs = 300_000;

type Told = (addresses: readonly Address[]) => void;

export class NameLookup {
  readonly #resolve: Resolve;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly addresses: readonly Address[]; readonly until: number }>();
  readonly #waiting = new Map<string, Told[]>();
  readonly #asked: string[] = [];
  #working = 0;

  constructor(now: () => number, resolve: Resolve = resolver()) {
    this.#now = now;
    this.#resolve = resolve;
  }

  ask(name: string, told: Told): void {
    const kept = this.#kept.get(name);
    if (kept !== undefined && kept.until > this.#now()) {
      told(kept.addresses);
      return;
    }
    const waiting = this.#waiting.get(name);
    if (waiting === undefined && this.#waiting.size >= mostWaiting) return;
    if (waiting !== undefined) {
      if (waiting.length < mostWaiting) waiting.push(told);
      return;
    }
    this.#waiting.set(name, [told]);
    this.#asked.push(name);
    if (this.#working < mostAtOnce) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working += 1;
    for (let name = this.#asked.shift(); name !== undefined; name = this.#asked.shift()) {
      const addresses = await this.#addresses(name);
      this.#kept.delete(name);
      this.#kept.set(name, { addresses, until: this.#now() + keptMs });
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.delete(name);
      for (const told of waiting) told(addresses);
    }
    this.#working -= 1;
  }

  async #addresses(name: string): Promise<Address[]> {
    const answers = await Promise.all(
      ([4, 6] as const).map(async (family) => await this.#resolve(name, family).catch((): string[] => [])),
    );
    return [...new Set(answers.flat().flatMap((text) => parseAddress(text) ?? []))];
  }
}

function resolver(): Resolve {
  const asked = new Resolver({ timeout: timeoutMs, tries: 1 });
  return async (name, family) => await (family === 4 ? asked.resolve4(name) : asked.resolve6(name));
}
