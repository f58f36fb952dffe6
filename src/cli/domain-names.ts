/** Looks up which names mail for some domains comes here by, and says so. A name server that fails is a problem. */
import { ok, type Result } from '../base/result.ts';
import { DnsRecords } from '../host/dns-records.ts';
import { ownAddresses } from '../host/own-addresses.ts';
import { type Exchanger, mailNames } from '../tls/mail-names.ts';
import type { Speaker } from './speak.ts';

export async function domainNames(
  speak: Speaker,
  domains: readonly string[],
  { hostName, server }: { readonly hostName: string; readonly server: string | undefined },
): Promise<Result<string[]>> {
  const dns = new DnsRecords(server === undefined ? undefined : [server]);
  const all: string[] = [];
  for (const domain of domains) {
    const exchangers = await exchangersOf(dns, domain);
    if (!exchangers.ok) return exchangers;
    const found = mailNames(domain, exchangers.value, { hostName, own: ownAddresses() });
    if (!found.ok) return found;
    const { names, elsewhere, unsure } = found.value;
    const rest = unsure
      ? ' (none of these leads to an address of this machine, so all are taken)'
      : elsewhere.length > 0
        ? `, and elsewhere by ${elsewhere.join(', ')}`
        : '';
    speak.line(`mail for ${domain} comes here by ${names.join(', ')}${rest}`);
    all.push(...names);
  }
  return ok(all);
}

async function exchangersOf(dns: DnsRecords, domain: string): Promise<Result<Exchanger[]>> {
  const names = await dns.exchangers(domain);
  if (!names.ok) return names;
  const found: Exchanger[] = [];
  for (const name of names.value) {
    const addresses = name === '' ? ok([]) : await dns.addresses(name);
    if (!addresses.ok) return addresses;
    found.push({ name, addresses: addresses.value });
  }
  return ok(found);
}
