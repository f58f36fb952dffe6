/** Where mail for a domain goes (RFC 5321, section 5.1): its MX hosts, the most preferred first. */
import { Resolver } from 'node:dns/promises';

const timeoutMs = 2000;

/** Empty where the name has none, or nobody can tell. `null` for a domain that takes no mail at all (RFC 7505). */
export async function mailExchangers(name: string, servers?: readonly string[]): Promise<string[] | null> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers !== undefined) resolver.setServers([...servers]);
  const found = await resolver.resolveMx(name).catch(() => []);
  if (found.length === 1 && found[0]?.exchange === '') return null;
  return found
    .filter(({ exchange }) => exchange !== '')
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange);
}
