/**
 * The groups that a server takes for its key exchange. Many have shown themselves in other handshakes
 * (`unseen-first.ts`); it is offered all that are left, picks one, that one is struck out. In TLS 1.3 by
 * hellos without a key share, where a server asks for the group that it wants (HelloRetryRequest); in older
 * versions by whole handshakes as long as there is a suite without a group to fall back on, because a server
 * may punish one that is broken off. The end is a refusal of all that are left, or such a suite instead of one
 * with a group.
 */
import type { NamedGroup } from '../hello/named-group.ts';
import { chosenGroup } from '../hello/server-hello.ts';
import type { CipherSuite } from '../hello/cipher-suite.ts';
import { opensslVersion } from './find-suites.ts';
import { type Known, known } from './known.ts';
import { type Observation, observeHandshake } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';
import { decodeKeyExchange } from '../hello/key-exchange.ts';
import { costly, groupsOf, type OpensslVersion, opensslGroups, seenGroups } from './unseen-first.ts';

export interface GroupsFound {
  /** As they have shown themselves, which is the server's order in no version of a server that follows ours. */
  readonly groups: readonly NamedGroup[];
  readonly incomplete?: string;
}

/**
 * Groups of TLS 1.3 that no whole handshake is made for: a key of 4096 bits and more costs more than being
 * asked for it. `suite`: one that the server takes.
 */
export async function findCostlyGroups(prober: Prober, suite: CipherSuite): Promise<readonly NamedGroup[]> {
  const found: NamedGroup[] = [];
  for (;;) {
    const left = groupsOf('TLSv1.3').filter((group) => costly(group.code) && !found.includes(group));
    if (left.length === 0) return found;
    const answer = await prober.ask({
      version: 'TLSv1.3',
      suites: [suite.code],
      groups: left.map(({ code }) => code),
      shares: [],
    });
    const { retry, hello } = answer.known ? answer.value.flight : {};
    const picked = chosenGroup(retry ?? hello ?? nothing);
    const group = left.find(({ code }) => code === picked);
    if (group === undefined) return found;
    found.push(group);
  }
}

/**
 * `suites`: those of the version that use such a group; `others`: those that do without; `already`: groups that
 * are known.
 */
export async function findGroups(
  prober: Prober,
  version: OpensslVersion,
  suites: readonly CipherSuite[],
  others: readonly CipherSuite[],
  already: readonly NamedGroup[],
): Promise<Known<GroupsFound>> {
  const tls13 = version === 'TLSv1.3';
  const found = [...new Set([...seenGroups(prober.seen, version), ...already])];
  const left = (): NamedGroup[] => groupsOf(version).filter((group) => !found.includes(group));
  const names = (list: readonly CipherSuite[]): string[] => list.flatMap(({ openssl }) => openssl ?? []);
  // Before TLS 1.3 an ECDSA certificate may be used only where its own curve is offered (RFC 8422, section 5.1).
  const free = tls13 ? suites : suites.filter(({ authentication }) => authentication !== 'ECDSA');
  const tied = free.length === 0;
  const asked = tied ? suites : free;
  const offered = (): NamedGroup[] => (tied ? [...left(), ...found] : left());
  const fallback = tls13 ? [] : names(others);
  const choose = async (groups: readonly NamedGroup[]): Promise<Observation | undefined> => {
    const answer = await prober.handshake({
      version: opensslVersion(version),
      suites: [...names(asked), ...fallback],
      groups: opensslGroups(groups),
    });
    return answer.known && answer.value.type === 'agreed' ? observeHandshake(answer.value.made) : undefined;
  };
  while (fallback.length > 0 && names(asked).length > 0) {
    const picked = await choose(offered());
    const group = left().find(({ code }) => code === picked?.group);
    if (group !== undefined) {
      found.push(group);
      continue;
    }
    // It has fallen back. Where it does not with a group that it has, and all else the same, it has none of those.
    if (picked === undefined || !others.includes(picked.suite) || found.length === 0) break;
    const control = await choose(found);
    if (control !== undefined && asked.includes(control.suite)) return known({ groups: found });
    break;
  }
  for (;;) {
    const groups = offered().map(({ code }) => code);
    const answer = await prober.ask(
      { version, suites: asked.map(({ code }) => code), groups, shares: [] },
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
    if (group === undefined) {
      // Two that were chosen while all were offered: the server follows our order, and has passed over the rest.
      const conclusive = !tied || found.length > 1;
      return known({ groups: found, ...(conclusive ? {} : { incomplete: onlyItsOwn }) });
    }
    found.push(group);
  }
}

const onlyItsOwn = "the certificate's curve has to be offered, and the server chooses that";

const nothing = {
  version: 0,
  random: new Uint8Array(0),
  sessionId: new Uint8Array(0),
  suite: 0,
  compression: 0,
  extensions: [],
};
