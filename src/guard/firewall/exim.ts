/**
 * Bans in Exim itself, for hosts whose kernel is not ours: a file of addresses and networks that a connection
 * is looked up in before anything else. Whoever is in it is dropped at once, which frees the slot.
 *
 * Exim has to be told so, once: `eximBanCondition` gives the lines for the ACL of `acl_smtp_connect`. Each ban
 * has its end with it as a time, so it ends whether we live or not. Connections that are open are not ended by
 * this; whoever has CAP_NET_ADMIN or root besides can end them.
 */
import type { Duration } from '../../base/duration.ts';
import { type Network, parseNetwork } from '../../base/network.ts';
import { ok, type Result } from '../../base/result.ts';
import { HostListFile } from '../../exim/host-list-file.ts';
import type { Clock } from '../../host/clock.ts';
import { exists, readText } from '../../host/files.ts';
import type { Ban, Firewall, ListedBan, RefusedBan } from './firewall.ts';

const wholeFile = 64 * 1024 * 1024;

export class EximFirewall implements Firewall {
  readonly name = 'exim';
  readonly #file: HostListFile;
  readonly #clock: Clock;
  readonly #bans = new Map<string, { readonly target: Network; readonly until: number }>();

  constructor(path: string, clock: Clock) {
    this.#file = new HostListFile(path);
    this.#clock = clock;
  }

  /** The file: what is in it stays. */
  async prepare(): Promise<Result<void>> {
    const { path } = this.#file;
    if (this.#bans.size === 0 && (await exists(path))) {
      const text = await readText(path, wholeFile);
      if (!text.ok) return text;
      for (const line of text.value.split('\n')) this.#read(line);
    }
    return await this.#write();
  }

  async ban(bans: readonly Ban[]): Promise<Result<readonly RefusedBan[]>> {
    if (bans.length === 0) return ok([]);
    const now = this.#clock.now();
    for (const { target, bantime } of bans) this.#bans.set(target.text, { target, until: now + bantime });
    const written = await this.#write();
    return written.ok ? ok([]) : written;
  }

  async unban(targets: readonly Network[]): Promise<Result<void>> {
    for (const { text } of targets) this.#bans.delete(text);
    return await this.#write();
  }

  async list(): Promise<Result<readonly ListedBan[]>> {
    const now = this.#clock.now();
    this.#sweep(now);
    const listed = Array.from(this.#bans.values(), ({ target, until }) => ({
      target,
      bantime: (until - now) as Duration,
    }));
    return await Promise.resolve(ok(listed));
  }

  async isWhole(): Promise<Result<boolean>> {
    return ok(await exists(this.#file.path));
  }

  /** The file stays, empty: Exim's configuration may name it. */
  async remove(): Promise<Result<void>> {
    this.#bans.clear();
    return await this.#write();
  }

  async #write(): Promise<Result<void>> {
    this.#sweep(this.#clock.now());
    // The first line that fits counts (specification, chapter 9): the ban that ends last comes first.
    const bans = [...this.#bans.values()].toSorted((one, other) => other.until - one.until);
    return await this.#file.write(
      bans.map(({ target, until }) => ({ host: target.text, data: String(Math.ceil(until / 1000)) })),
    );
  }

  #read(line: string): void {
    const [, quoted, plain, until] = /^(?:"([^"]+)"|([^":\s]+)): (\d{1,12})$/.exec(line) ?? [];
    const target = parseNetwork(quoted ?? plain ?? '');
    if (target !== undefined) this.#bans.set(target.text, { target, until: Number(until) * 1000 });
  }

  #sweep(now: number): void {
    for (const [text, { until }] of this.#bans) if (until <= now) this.#bans.delete(text);
  }
}

/** A statement for the ACL of `acl_smtp_connect`, before all others of it. */
export function eximBanStatement(path: string): string {
  return `drop
  condition   = \${if exists{${path}}}
  condition   = \${if >{\${lookup{$sender_host_address}iplsearch{${path}}{$value}{0}}}{$tod_epoch}}
  message     = You are banned from this server for now
  log_message = banned by Portreeve
`;
}
