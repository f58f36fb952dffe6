/** The servers that an audit is asked for: named, or all mail hosts of a domain. */
import { parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { askDns, type Resolver } from '../host/ask-dns.ts';
import type { Endpoint } from '../host/connect-socket.ts';
import { mailHosts } from '../tls/audit/policy/find-policy.ts';
import { isHostName, parseTarget } from '../tls/target.ts';

export async function auditTargets(
  words: readonly string[],
  domain: string | undefined,
  defaultPort: number,
  resolver: Resolver | undefined,
): Promise<Result<readonly Endpoint[]>> {
  const targets: Endpoint[] = [];
  for (const word of words) {
    const target = parseTarget(word, defaultPort);
    if (!target.ok) return target;
    targets.push(target.value);
  }
  if (domain === undefined) {
    return targets.length > 0
      ? ok(targets)
      : fail('usage', 'cannot audit: needs a server or a domain: there is none', {
          hint: 'name HOST[:PORT], or --domain DOMAIN',
        });
  }
  // Named ones are taken for the domain's own hosts.
  if (targets.length > 0) return ok(targets);
  return await hostsOf(domain, defaultPort, resolver);
}

async function hostsOf(
  domain: string,
  port: number,
  resolver: Resolver | undefined,
): Promise<Result<readonly Endpoint[]>> {
  if (!isHostName(domain) || parseAddress(domain) !== undefined) {
    return fail('usage', `cannot audit the domain: needs a domain name: ${JSON.stringify(domain)}`);
  }
  if (resolver === undefined) {
    return fail(
      'unavailable',
      `cannot find the mail hosts of ${domain}: needs a resolver: this machine has none`,
      {
        hint: 'name one: --resolver ADDRESS',
      },
    );
  }
  const answer = await askDns(resolver, domain, 'MX', 5000);
  if (!answer.ok) return answer;
  const hosts = mailHosts(answer.value).map(({ host }) => host);
  if (hosts.length === 1 && hosts[0] === '.') {
    return fail('no', `cannot audit ${domain}: needs a mail host: it says that it takes no mail (RFC 7505)`);
  }
  if (answer.value.code !== 'NOERROR') {
    return fail(
      'unavailable',
      `cannot find the mail hosts of ${domain}: the resolver says ${answer.value.code}`,
    );
  }
  // Without an MX record the domain itself receives (RFC 5321, section 5.1).
  return ok((hosts.length === 0 ? [domain] : hosts).filter(isHostName).map((host) => ({ host, port })));
}
