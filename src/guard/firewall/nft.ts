/**
 * Bans in the kernel: one nftables table of our own, two hash sets with timeouts, one rule each.
 *
 * The hook comes before connection tracking gives its verdicts (priority raw, -300), so packets of
 * established connections are dropped as well. That alone would leave an Exim process waiting on a
 * dead connection with its slot taken, so the sockets are destroyed too (`ss -K`: SOCK_DESTROY,
 * kernel option INET_DIAG_DESTROY). Needs CAP_NET_ADMIN and nothing else.
 */
import { type Address, isIPv6, parseAddress } from '../../base/address.ts';
import type { Duration } from '../../base/duration.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Ran, RunOptions } from '../../host/run.ts';
import { succeed } from '../../host/succeed.ts';
import { mailPorts } from '../socket-table.ts';
import type { Ban, Firewall } from './firewall.ts';

const table = 'inet portreeve';

/** Runs a program that has to succeed, on this machine or in one of the lab. */
type Execute = (act: string, argv: readonly string[], options?: RunOptions) => Promise<Result<Ran>>;

export class NftFirewall implements Firewall {
  readonly name = 'nft';
  readonly #execute: Execute;

  constructor(execute: Execute = succeed) {
    this.#execute = execute;
  }

  async prepare(): Promise<Result<void>> {
    const ports = mailPorts.join(', ');
    return await this.#load(
      'make the firewall table',
      `table ${table} {
  set banned4 { type ipv4_addr; flags timeout; }
  set banned6 { type ipv6_addr; flags timeout; }
  chain input { type filter hook prerouting priority raw; policy accept; }
}
flush chain ${table} input
add rule ${table} input tcp dport { ${ports} } ip saddr @banned4 counter drop
add rule ${table} input tcp dport { ${ports} } ip6 saddr @banned6 counter drop
`,
    );
  }

  async ban(bans: readonly Ban[]): Promise<Result<void>> {
    if (bans.length === 0) return ok();
    const addresses = bans.map(({ address }) => address);
    // An element's timeout cannot be changed in place: add (it may be there), delete, add again.
    const added = await this.#load(
      'ban in the firewall',
      bans
        .map(({ address, bantime }) => {
          const set = `${table} ${setOf(address)}`;
          const seconds = Math.max(1, Math.ceil(bantime / 1000));
          return `add element ${set} { ${address} }\ndelete element ${set} { ${address} }\nadd element ${set} { ${address} timeout ${seconds}s }\n`;
        })
        .join(''),
    );
    return added.ok ? await this.#endConnections(addresses) : added;
  }

  async unban(addresses: readonly Address[]): Promise<Result<void>> {
    if (addresses.length === 0) return ok();
    return await this.#load(
      'unban in the firewall',
      addresses
        .map((address) => {
          const element = `element ${table} ${setOf(address)} { ${address} }\n`;
          return `add ${element}delete ${element}`;
        })
        .join(''),
    );
  }

  async list(): Promise<Result<readonly Ban[]>> {
    const bans: Ban[] = [];
    for (const set of ['banned4', 'banned6']) {
      const listed = await this.#execute('list the bans of the firewall', [
        'nft',
        '-j',
        'list',
        'set',
        ...table.split(' '),
        set,
      ]);
      if (!listed.ok) return listed;
      bans.push(...readSet(listed.value.stdout));
    }
    return ok(bans);
  }

  async remove(): Promise<Result<void>> {
    return await this.#load('remove the firewall table', `add table ${table}\ndelete table ${table}\n`);
  }

  async #load(act: string, commands: string): Promise<Result<void>> {
    const loaded = await this.#execute(act, ['nft', '-f', '-'], { input: commands });
    return loaded.ok ? ok() : loaded;
  }

  /** Ends every connection that the addresses have on the mail ports, on both sides of the kernel at once. */
  async #endConnections(addresses: readonly Address[]): Promise<Result<void>> {
    const ports = mailPorts.map((port) => `sport = :${port}`).join(' or ');
    // The command line has a limit; a filter of 200 addresses is far below it.
    for (let from = 0; from < addresses.length; from += 200) {
      const peers = addresses.slice(from, from + 200).flatMap((address) => {
        // A dual-stack listener shows IPv4 peers as IPv4-mapped ones.
        return isIPv6(address) ? [`dst = [${address}]`] : [`dst = ${address}`, `dst = [::ffff:${address}]`];
      });
      const ended = await this.#execute('end the connections of a banned address', [
        'ss',
        '-KtnH',
        `( ${ports} ) and ( ${peers.join(' or ')} )`,
      ]);
      if (!ended.ok) return ended;
    }
    return ok();
  }
}

function setOf(address: Address): string {
  return isIPv6(address) ? 'banned6' : 'banned4';
}

interface ListedSet {
  readonly nftables: readonly { readonly set?: { readonly elem?: readonly ListedElement[] } }[];
}

type ListedElement =
  | string
  | { readonly elem: { readonly val: string; readonly timeout?: number; readonly expires?: number } };

/** `nft -j list set`: libnftables-json(5); elements with a timeout are objects, seconds left in `expires`. */
function readSet(json: string): Ban[] {
  const listed = JSON.parse(json) as ListedSet;
  return listed.nftables.flatMap(({ set }) =>
    (set?.elem ?? []).flatMap((element) => {
      const address = parseAddress(typeof element === 'string' ? element : element.elem.val);
      const seconds = typeof element === 'string' ? 0 : (element.elem.expires ?? 0);
      return address === undefined ? [] : [{ address, bantime: (seconds * 1000) as Duration }];
    }),
  );
}
