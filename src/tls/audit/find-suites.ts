/**
 * All suites that a server accepts in one version, in the order in which it chose them.
 *
 * The server is offered all that is left, picks one, that one is struck out, and so on. As long as
 * OpenSSL knows the suites the handshakes are made whole, because a server may punish one that is broken
 * off (`pace.ts`). What is left is then offered by hellos of our own. The end is always a refusal of all that
 * are left: a server that picks what it is known to accept may only prefer it. A list that is longer than the
 * server is known to read (`list-length.ts`) is first offered with such a suite, the *canary*, as the last entry:
 * a server that picks it has read the list to its end. Where it chokes, the list is halved, down to 64 suites,
 * which every server can be trusted to read.
 *
 * A server may choose a suite and then fail on it: Dovecot without `ssl_dh` takes DHE and hangs up, and what it would
 * have taken after that stays unseen. So whoever ends a list without saying that nothing fits is asked for each
 * key exchange by itself.
 */
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import { type CipherSuite, cipherSuite } from '../hello/cipher-suite.ts';
import { namedGroups } from '../hello/named-group.ts';
import { type ProtocolVersion, versionCodes } from '../hello/protocol-version.ts';
import { chosenVersion } from '../hello/server-hello.ts';
import { type Known, known } from './known.ts';
import type { Prober } from './prober.ts';
import { suiteCandidates } from './suite-candidates.ts';
import { type OpensslVersion, unseenFirst } from './unseen-first.ts';

export interface SuitesFound {
  /** In the order of the server's choices; none where the version is refused. */
  readonly suites: readonly CipherSuite[];
  readonly order: Order;
  /** What said that there is no more: an alert, hanging up. */
  readonly evidence: string;
  /** Why suites may be missing; undefined where all were asked for. */
  readonly incomplete?: string;
}

/** Whose order of suites decides; `one` where there is no choice. */
export type Order = 'server' | 'client' | 'one' | 'unknown';

export type HelloVersion = Exclude<ProtocolVersion, 'SSLv2'>;

const safeLength = 64;

/** What says that none of the suites is accepted; the rest may be about the one that was chosen. */
const refusals: ReadonlySet<string> = new Set([
  'alert handshake_failure',
  'alert insufficient_security',
  'alert protocol_version',
]);

/** OpenSSL's names of all groups below TLS 1.3 that it knows; a server may have but an odd one. */
export const classicGroups: readonly string[] = [
  'X25519',
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'X448',
  ...namedGroups.flatMap(({ openssl, code }) =>
    openssl !== undefined && (code < 0x17 || (code >= 0x1a && code <= 0x1c)) ? [openssl] : [],
  ),
];

export function opensslVersion(version: OpensslVersion): HandshakeRequest['version'] {
  return version === 'TLSv1.0' ? 'TLSv1' : version;
}

export interface SearchBegun {
  /** The first suite that was found, long before all are; none where the version is refused. */
  readonly first: Promise<CipherSuite | undefined>;
  readonly all: Promise<Known<SuitesFound>>;
}

/** What a search needs of a server. */
export type SuiteProber = Pick<Prober, 'ask' | 'handshake' | 'seen'>;

/** `safe`: how many suites may be offered at once. It is asked for once a suite is found. */
export function findSuites(
  prober: SuiteProber,
  version: HelloVersion,
  safe: () => Promise<number>,
): SearchBegun {
  const first = Promise.withResolvers<CipherSuite | undefined>();
  const search = new SuiteSearch(prober, version, safe, first.resolve);
  const all = search.run().finally(() => {
    first.resolve(undefined);
  });
  return { first: first.promise, all };
}

class SuiteSearch {
  readonly #prober: SuiteProber;
  readonly #version: HelloVersion;
  readonly #safe: () => Promise<number>;
  readonly #tell: (suite: CipherSuite) => void;
  readonly #found: CipherSuite[] = [];
  #order: Order = 'unknown';
  #evidence = '';
  #reason: string | undefined;
  /** The first offer: among these alone the server's choices are its order. */
  #first: ReadonlySet<CipherSuite> = new Set();
  /** Chosen in a handshake. OpenSSL has names for more than it was built with, and leaves those out of its hello. */
  readonly #shaken = new Set<CipherSuite>();
  /** The server has refused the version itself: no list can change that. */
  #refused = false;

  constructor(
    prober: SuiteProber,
    version: HelloVersion,
    safe: () => Promise<number>,
    tell: (suite: CipherSuite) => void,
  ) {
    this.#prober = prober;
    this.#version = version;
    this.#safe = safe;
    this.#tell = tell;
  }

  async run(): Promise<Known<SuitesFound>> {
    if (this.#version !== 'SSLv3') await this.#byHandshake(this.#version);
    // Before the refusals, after which a server may make us wait.
    if (this.#order === 'unknown' || this.#found.length > 2) this.#order = await this.#findOrder();
    const byHandshake = this.#found.length;
    await this.#byHello(this.#left());
    if (this.#found.length > byHandshake) this.#order = await this.#findOrder();
    if (this.#order === 'server' && !this.#chosenTogether()) await this.#sort();
    if (this.#found.length === 0 && this.#reason !== undefined) return { known: false, reason: this.#reason };
    return known({
      suites: this.#found,
      order: this.#found.length === 1 ? 'one' : this.#order,
      evidence: this.#evidence,
      ...(this.#reason === undefined ? {} : { incomplete: this.#reason }),
    });
  }

  #left(): CipherSuite[] {
    return suiteCandidates(this.#version).filter((suite) => !this.#found.includes(suite));
  }

  async #byHandshake(version: OpensslVersion): Promise<void> {
    for (;;) {
      if (this.#found.length === 2) this.#order = await this.#findOrder();
      const able = this.#left().filter(({ openssl }) => openssl !== undefined);
      const canary = this.#order === 'client' ? this.#found.at(-1) : undefined;
      const offer = able.slice(0, safeLength - 1);
      if (this.#first.size === 0) this.#first = new Set(offer);
      if (offer.length === 0) return;
      const picked = await this.#handshake(version, canary === undefined ? offer : [...offer, canary]);
      if (picked === undefined || picked === canary) return;
      this.#shaken.add(picked);
      this.#take(picked);
    }
  }

  #take(suite: CipherSuite): void {
    this.#found.push(suite);
    this.#tell(suite);
  }

  async #handshake(
    version: OpensslVersion,
    suites: readonly CipherSuite[],
  ): Promise<CipherSuite | undefined> {
    const answer = await this.#prober.handshake({
      version: opensslVersion(version),
      suites: suites.map(({ openssl = '' }) => openssl),
      ...unseenFirst(this.#prober.seen, version),
    });
    if (!answer.known || answer.value.type !== 'agreed') return undefined;
    const { cipher } = answer.value.made;
    return suites.find(({ name }) => name === cipher);
  }

  /** The server's own order: it chooses among all that were found, again and again. */
  async #sort(): Promise<void> {
    const sorted: CipherSuite[] = [];
    let left = [...this.#found];
    while (left.length > 1 && this.#reason === undefined) {
      const picked = await this.#choose(left.slice(0, safeLength));
      if (picked === undefined) break;
      const choice = picked;
      sorted.push(choice);
      left = left.filter((suite) => suite !== choice);
    }
    this.#found.splice(0, this.#found.length, ...sorted, ...left);
  }

  /** Which of these the server takes: all of them it is known to accept. */
  async #choose(offered: readonly CipherSuite[]): Promise<CipherSuite | undefined> {
    const able = offered.every((suite) => this.#shaken.has(suite));
    const version = this.#version === 'SSLv3' || !able ? undefined : this.#version;
    const picked = version === undefined ? undefined : await this.#handshake(version, offered);
    if (picked !== undefined) return picked;
    const answer = await this.#prober.ask({
      version: this.#version,
      suites: offered.map(({ code }) => code),
      ...(this.#version === 'TLSv1.3' ? {} : { groups: everyClassicGroup }),
    });
    const chosen = answer.known ? (answer.value.flight.hello ?? answer.value.flight.retry) : undefined;
    return offered.find(({ code }) => code === chosen?.suite);
  }

  /** What was found, offered the other way round: the server takes our first, or has an order of its own. */
  async #findOrder(): Promise<Order> {
    const reversed = this.#found.slice(0, safeLength).toReversed();
    if (reversed.length < 2) return 'unknown';
    const picked = await this.#choose(reversed);
    if (picked === undefined) return 'unknown';
    if (picked !== reversed[0]) return 'server';
    // What was found last may have been found late, and be what the server likes best.
    if (this.#chosenTogether()) return 'client';
    const again = await this.#choose(reversed.toReversed());
    if (again === undefined) return 'unknown';
    return again === reversed.at(-1) ? 'client' : 'server';
  }

  /** All that were found have been in one offer until they were chosen: their places are the server's choices. */
  #chosenTogether(): boolean {
    return this.#found.every((suite) => this.#shaken.has(suite) && this.#first.has(suite));
  }

  async #byHello(list: readonly CipherSuite[]): Promise<void> {
    let left = [...list];
    const canary = this.#found.at(-1);
    let withCanary = canary !== undefined && list.length > safeLength && list.length > (await this.#safe());
    while (left.length > 0 && !this.#refused && this.#reason === undefined) {
      const offered = withCanary && canary !== undefined ? [...left, canary] : left;
      const answer = await this.#prober.ask({
        version: this.#version,
        suites: offered.map(({ code }) => code),
        ...(this.#version === 'TLSv1.3' ? {} : { groups: everyClassicGroup }),
      });
      if (!answer.known) {
        this.#reason = answer.reason;
        return;
      }
      const { flight } = answer.value;
      const chosen = flight.hello ?? flight.retry;
      const picked = chosen === undefined ? undefined : cipherSuite(chosen.suite);
      if (answer.value.type === 'agreed' && this.#otherVersion(chosen)) return;
      if (picked !== undefined && left.includes(picked)) {
        this.#take(picked);
        left = left.filter((suite) => suite !== picked);
      } else if (picked !== undefined && picked === canary) {
        // The list has been read to its end; but the server may prefer the canary to what is left.
        withCanary = false;
      } else if (
        answer.value.type === 'refused' &&
        canary !== undefined &&
        !refusals.has(answer.value.evidence) &&
        exchangesOf(left).length > 1
      ) {
        for (const exchange of exchangesOf(left))
          await this.#byHello(left.filter((suite) => suite.exchange === exchange));
        return;
      } else if (
        answer.value.type === 'refused' &&
        !withCanary &&
        (canary !== undefined || left.length <= safeLength)
      ) {
        this.#evidence = answer.value.evidence;
        return;
      } else if (answer.value.type === 'refused' && answer.value.evidence === 'alert protocol_version') {
        this.#evidence = answer.value.evidence;
        this.#refused = true;
      } else if (left.length > safeLength) {
        const half = Math.ceil(left.length / 2);
        await this.#byHello(left.slice(0, half));
        await this.#byHello(left.slice(half));
        return;
      } else if (withCanary) {
        withCanary = false;
      } else {
        this.#reason = `the server answers ${picked?.name ?? 'nothing'} where it was not offered`;
      }
    }
  }

  #otherVersion(hello: Parameters<typeof chosenVersion>[0] | undefined): boolean {
    if (hello === undefined || chosenVersion(hello) === versionCodes[this.#version]) return false;
    this.#evidence = `the server answers with version 0x${chosenVersion(hello).toString(16).padStart(4, '0')}`;
    this.#refused = true;
    return true;
  }
}

function exchangesOf(suites: readonly CipherSuite[]): string[] {
  return [...new Set(suites.map(({ exchange }) => exchange))];
}

const everyClassicGroup: readonly number[] = [
  0x1d,
  0x17,
  0x18,
  0x19,
  0x1e,
  ...namedGroups.flatMap(({ code }) => (code < 0x17 || (code >= 0x1a && code <= 0x1c) ? [code] : [])),
];
