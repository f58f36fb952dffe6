/** Where mail for a domain goes (RFC 5321, section 5.1): its MX hosts, the most preferred first. */
import { readFile } from 'node:fs/promises';

const timeoutMs = 2000;

/**
 * Empty where the name has none, nobody can tell, or the name is a host of /etc/hosts: it means that host
 * then. `null` for a domain that takes no mail at all (RFC 7505).
 */
export async function mailExchangers(name: string, servers?: readonly string[]): Promise<string[] | null> {
  if (!name.includes('.') || (servers === undefined && (await isLocalHost(name)))) return [];
  const { Resolver } = await import('node:dns/promises');
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers !== undefined) resolver.setServers([...servers]);
  const found = await resolver.resolveMx(name).catch(() => []);
  if (found.length === 1 && found[0]?.exchange === '') return null;
  return found
    .filter(({ exchange }) => exchange !== '')
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange);
}

async function isLocalHost(name: string): Promise<boolean> {
  const text = await readFile('/etc/hosts', 'utf8').catch(() => '');
  const wanted = name.toLowerCase().replace(/\.$/, '');
  return text
    .split('\n')
    .some((line) => line.replace(/#.*/, '').toLowerCase().trim().split(/\s+/).slice(1).includes(wanted));
}
