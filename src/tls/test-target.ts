/**
 * Which server is meant. A name without a port may be a domain: then its best MX is, and the certificate has to
 * cover that host. Everything else is taken as it is written.
 */
import { isIPv6, parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Endpoint } from '../host/connection.ts';
import { addressesOf, hostsFile } from '../host/hosts-file.ts';
import { parseTarget } from './target.ts';

export interface TargetOptions {
  readonly implicit: boolean;
  /** The address to connect to instead of what the name leads to. */
  readonly resolve?: string | undefined;
  readonly family?: 4 | 6 | undefined;
  /** Name servers to ask, `ADDRESS` or `ADDRESS:PORT`; the system's without them. */
  readonly servers?: readonly string[] | undefined;
}

export interface TestTarget {
  readonly endpoint: Endpoint;
  /** The name that the certificate has to cover. */
  readonly name: string;
  /** The domain that led to the host. */
  readonly domain?: string;
}

export async function testTarget(
  text: string,
  { implicit, resolve, family, servers }: TargetOptions,
): Promise<Result<TestTarget>> {
  const read = parseTarget(text, implicit ? 465 : 25);
  if (!read.ok) return read;
  const { host, port } = read.value;
  const only = family === undefined ? {} : { family };
  if (resolve !== undefined) return ok({ endpoint: { host: resolve, port }, name: host });
  // A name that this machine knows is the host itself, and found without a name server and its client, which takes as
  // long to load as the session.
  const known = servers === undefined ? addressesOf(host, hostsFile()) : undefined;
  const fitting = known?.filter((address) => family === undefined || isIPv6(address) === (family === 6));
  // One of several may be out of reach: then all of them have to be tried.
  const [address] = fitting?.length === 1 ? fitting : [];
  if (address !== undefined) return ok({ endpoint: { host, port, address }, name: host });
  const mayBeDomain =
    text === host && host.includes('.') && known === undefined && parseAddress(host) === undefined;
  const exchangers = mayBeDomain
    ? await (await import('../host/mail-exchangers.ts')).mailExchangers(host, servers)
    : [];
  if (exchangers === null) {
    return fail('no', `cannot test ${host}: it must take mail: its null MX says that it does not (RFC 7505)`);
  }
  const [best] = exchangers;
  return best === undefined || best === host
    ? ok({ endpoint: { host, port, ...only }, name: host })
    : ok({ endpoint: { host: best, port, ...only }, name: best, domain: host });
}
