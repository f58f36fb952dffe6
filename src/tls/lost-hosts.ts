/**
 * Which of the hosts that deliver to us a policy would shut out, as far as the log tells: those that
 * never agreed on a version that it accepts. (A host that only chose an old suite may well know others.)
 */
import type { LogEvent } from '../exim/event.ts';
import type { Policy } from './policy.ts';

export interface LostHost {
  readonly address: string;
  readonly name: string | undefined;
  readonly versions: readonly string[];
  readonly messages: number;
}

export interface LostHosts {
  /** Hosts that delivered under TLS. */
  readonly hosts: number;
  readonly lost: readonly LostHost[];
}

interface Seen {
  name: string | undefined;
  readonly versions: Set<string>;
  messages: number;
}

export class TlsHosts {
  readonly #since: number;
  readonly #seen = new Map<string, Seen>();

  /** `since`: milliseconds since 1970; what is older does not count. */
  constructor(since: number) {
    this.#since = since;
  }

  see(event: LogEvent): void {
    if (event.kind !== 'arrival' || event.tls === undefined || event.peer === undefined) return;
    if (event.at !== undefined && event.at < this.#since) return;
    const seen = this.#seen.get(event.peer) ?? { name: undefined, versions: new Set<string>(), messages: 0 };
    this.#seen.set(event.peer, seen);
    seen.name = event.host?.name ?? seen.name;
    seen.versions.add(event.tls.version);
    seen.messages += 1;
  }

  lostBy({ accepts }: Policy): LostHosts {
    const accepted = new Set(accepts.map(plainVersion));
    const lost = [...this.#seen]
      .filter(([, { versions }]) => [...versions].every((version) => !accepted.has(plainVersion(version))))
      .map(([address, { name, versions, messages }]) => ({
        address,
        name,
        versions: [...versions],
        messages,
      }))
      .toSorted((a, b) => b.messages - a.messages);
    return { hosts: this.#seen.size, lost };
  }
}

/** Exim writes `TLS1.2` (GnuTLS), `TLSv1.2` or `TLS1` (OpenSSL). */
function plainVersion(version: string): string {
  const number = /\d(?:\.\d)?$/.exec(version)?.[0] ?? version;
  return number === '1' ? '1.0' : number;
}
