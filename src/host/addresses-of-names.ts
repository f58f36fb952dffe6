/** What names resolve to now: all addresses of those that resolve in time. Others are left out. */
import { Resolver } from 'node:dns/promises';
import { type Address, parseAddress } from '../base/address.ts';

const timeoutMs = 2000;
const mostNames = 1000;

export async function addressesOfNames(names: readonly string[]): Promise<Address[]> {
  if (names.length === 0) return [];
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  const answers = await Promise.allSettled(
    names.slice(0, mostNames).flatMap((name) => [resolver.resolve4(name), resolver.resolve6(name)]),
  );
  return answers.flatMap((answer) =>
    answer.status === 'fulfilled' ? answer.value.flatMap((text) => parseAddress(text) ?? []) : [],
  );
}
