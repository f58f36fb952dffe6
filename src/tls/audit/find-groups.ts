/**
 * The groups that a server takes for its key exchange. It is offered all that are left, picks one, that
 * one is struck out: by whole handshakes as long as OpenSSL knows the groups and they are cheap, then by
 * hellos without a key share, where a server of TLS 1.3 asks for the group it wants (HelloRetryRequest).
 */
import { type NamedGroup, namedGroups } from '../hello/named-group.ts';
import { chosenGroup } from '../hello/server-hello.ts';
import { type CipherSuite } from '../hello/cipher-suite.ts';
import { type OpensslVersion, opensslVersion } from './find-suites.ts';
import { type Known, known } from './known.ts';
import { observeHandshake } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';
import { decodeKeyExchange } from '../hello/key-exchange.ts';

export interface GroupsFound {
  /** In the order of the server's choices. */
  readonly groups: readonly NamedGroup[];
  readonly incomplete?: string;
}

/** `suites`: those of the version that use such a group. */
export async function findGroups(
  prober: Prober,
  version: OpensslVersion,
  suites: readonly CipherSuite[],
): Promise<Known<GroupsFound>> {
  const tls13 = version === 'TLSv1.3';
  const found: NamedGroup[] = [];
  const left = (): NamedGroup[] =>
    namedGroups
      .filter((group) => (tls13 ? group.tls13 : group.kind === 'curve' && !group.name.endsWith('tls13')))
      .filter((group) => !found.includes(group))
      .toSorted((a, b) => rank(a) - rank(b));
  const suiteNames = suites.flatMap(({ openssl }) => openssl ?? []);
  while (suiteNames.length > 0) {
    const offer = left().flatMap(({ openssl, code }) =>
      openssl === undefined || costly(code) ? [] : [openssl],
    );
    if (offer.length === 0) break;
    const answer = await prober.handshake({
      version: opensslVersion(version),
      suites: suiteNames,
      groups: offer,
    });
    if (!answer.known) break;
    const picked = answer.value.type === 'agreed' ? observeHandshake(answer.value.made)?.group : undefined;
    const group = left().find(({ code }) => code === picked);
    if (group === undefined) break;
    found.push(group);
  }
  for (;;) {
    const groups = left().map(({ code }) => code);
    const answer = await prober.ask(
      { version, suites: suites.map(({ code }) => code), groups, shares: [] },
      tls13 ? undefined : isWhole,
    );
    if (!answer.known) {
      return found.length === 0 ? answer : known({ groups: found, incomplete: answer.reason });
    }
    const { flight, type } = answer.value;
    const picked = tls13
      ? chosenGroup(flight.retry ?? flight.hello ?? nothing)
      : decodeKeyExchange(flight.keyExchange ?? new Uint8Array(0), 'ECDHE', false)?.group;
    const group = type === 'agreed' ? left().find(({ code }) => code === picked) : undefined;
    if (group === undefined) return known({ groups: found });
    found.push(group);
  }
}

const nothing = {
  version: 0,
  random: new Uint8Array(0),
  sessionId: new Uint8Array(0),
  suite: 0,
  compression: 0,
  extensions: [],
};

/** Groups over the integers of 4096 bits and more: a tenth of a second of the server's time each. */
function costly(code: number): boolean {
  return code >= 0x0102 && code <= 0x0104;
}

const likely = [0x11ec, 0x1d, 0x17, 0x18, 0x19, 0x1e, 0x11eb, 0x11ed, 0x100, 0x101];

function rank({ code }: NamedGroup): number {
  const at = likely.indexOf(code);
  return at === -1 ? likely.length : at;
}
