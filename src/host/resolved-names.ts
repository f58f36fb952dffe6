/**
 * What names resolve to: all addresses of those that resolve in time. A name that does not is what it was last
 * time: a resolver that is down for a while must not take anybody off a list.
 */
import { Resolver } from 'node:dns/promises';
import { type Address, parseAddress } from '../base/address.ts';

const timeoutMs = 2000;
const mostNames = 1000;

export type Resolve = (name: string, family: 4 | 6) => Promise<readonly string[]>;

export class ResolvedNames {
  readonly #resolve: Resolve;
  readonly #known = new Map<string, readonly Address[]>();

  constructor(resolve: Resolve = resolveInTime) {
    this.#resolve = resolve;
  }

  async addresses(names: readonly string[]): Promise<Address[]> {
    const asked = names.slice(0, mostNames).flatMap((name) => [
      { name, family: 4 as const },
      { name, family: 6 as const },
    ]);
    const answers = await Promise.all(
      asked.map(async ({ name, family }) => {
        const key = `${family} ${name}`;
        const found = await this.#resolve(name, family).catch(() => undefined);
        if (found !== undefined)
          this.#known.set(
            key,
            found.flatMap((text) => parseAddress(text) ?? []),
          );
        return this.#known.get(key) ?? [];
      }),
    );
    return answers.flat();
  }
}

let resolver: Resolver | undefined;

async function resolveInTime(name: string, family: 4 | 6): Promise<readonly string[]> {
  resolver ??= new Resolver({ timeout: timeoutMs, tries: 1 });
  return await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name));
}
