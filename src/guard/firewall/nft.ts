/**
 * Bans in the kernel: one nftables table of our own (nft-ruleset.ts), made by nft(8), its elements written
 * by netlink. Needs CAP_NET_ADMIN and nothing else.
 *
 * Dropped packets alone would leave an Exim process waiting on a dead connection with its slot taken, so
 * the sockets are destroyed too, right after the ban is in force. What the kernel refuses is told by
 * its own words: of a batch, the ban that it refuses is found, and the others are in force.
 */
import { parseAddress } from '../../base/address.ts';
import type { Duration } from '../../base/duration.ts';
import type { Network } from '../../base/network.ts';
import { NetworkSet } from '../../base/network-set.ts';
import type { Problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { errorText, Netlink, protocols, type NetlinkAnswer } from '../../host/netlink.ts';
import type { Ran, RunOptions } from '../../host/run.ts';
import { succeed } from '../../host/succeed.ts';
import { type TcpSocket, TcpSockets } from '../../host/tcp-sockets.ts';
import { endConnections, type EndServers } from '../end-connections.ts';
import { mailPorts } from '../mail-socket.ts';
import type { Ban, Call, Firewall, ListedBan, RefusedBan } from './firewall.ts';
import { relayPort } from './login-ports.ts';
import {
  countRules,
  readElements,
  readSets,
  type SetEdit,
  type SetElement,
  writeBatch,
  writeQuestion,
} from './nft-elements.ts';
import {
  backoffSetOf,
  callMs,
  callOf,
  callSets,
  keyOf,
  ruleCount,
  type Ruleset,
  rulesetText,
  setOf,
  guardTable,
  targetOf,
  wholeSets,
} from './nft-ruleset.ts';

/** Runs a program that has to succeed. */
type Execute = (act: string, argv: readonly string[], options?: RunOptions) => Promise<Result<Ran>>;

export interface NftOptions extends Partial<Ruleset> {
  readonly execute?: Execute;
  /** Asked where the kernel cannot destroy sockets. */
  readonly endServers?: EndServers | undefined;
}

const notPermitted = 1;
const noEntry = 2;
const exists = 17;

/** After so many refusals the rest is not tried: the cause is not one ban's. */
const mostRefusals = 100;

export class NftFirewall implements Firewall {
  readonly name = 'nft';
  #ruleset: Ruleset & { readonly table: string };
  readonly #execute: Execute;
  readonly #endServers: EndServers | undefined;
  readonly #sets = new Set(wholeSets);
  #netlink: Netlink | undefined;
  #sockets: TcpSockets | undefined;
  /** What is answered where the rules for it are not in force. */
  #cannotKeepAway: Result<void> = fail(
    'unavailable',
    'cannot keep anybody away for a moment: the firewall must have been started with it',
  );

  constructor(options: NftOptions = {}) {
    const {
      table = guardTable,
      ports = mailPorts,
      most = 1_000_000,
      counters = false,
      shield,
      backoff = false,
      execute = succeed,
      endServers,
    } = options;
    this.#ruleset = { table, ports, most, counters, shield, backoff };
    this.#execute = execute;
    this.#endServers = endServers;
  }

  async prepare(): Promise<Result<void>> {
    const netlink = this.#open();
    if (!netlink.ok) return netlink;
    // Sets of other lengths that are there hold bans, and need their rules again.
    const there = this.#ask(writeQuestion('sets', this.#ruleset.table));
    if (!there.ok) return there;
    for (const set of readSets(there.value.messages)) if (set.startsWith('banned')) this.#sets.add(set);
    const isThere = there.value.messages.length > 0;
    const made = await this.#makeTable(isThere);
    const whole = this.#ruleset;
    if (made.ok || !whole.backoff) return made;
    // Bans need none of what keeps away: a kernel that cannot refuse has bans all the same.
    this.#ruleset = { ...whole, backoff: false };
    const bare = await this.#makeTable(isThere);
    if (bare.ok) this.#cannotKeepAway = made;
    else this.#ruleset = whole;
    return bare.ok ? bare : made;
  }

  async ban(bans: readonly Ban[]): Promise<Result<readonly RefusedBan[]>> {
    if (bans.length === 0) return ok([]);
    const known = await this.#know(bans);
    if (!known.ok) return known;
    const refused: RefusedBan[] = [];
    const written = this.#write(bans, 'add', refused);
    if (!written.ok) return written;
    const isRefused = new Set(refused.map(({ ban }) => ban));
    const inForce = isRefused.size === 0 ? bans : bans.filter((ban) => !isRefused.has(ban));
    const ended = await this.#endConnections(inForce);
    // The ban is in force all the same; that its connections live on has to be known.
    if (!ended.ok) for (const ban of inForce) refused.push({ ban, problem: ended.problem });
    return ok(refused);
  }

  banAtOnce(bans: readonly Ban[]): void {
    // Where something is missing or banned already, the kernel refuses, and `ban` finds out why.
    this.#ask(writeBatch(this.#ruleset.table, this.#edits(bans, 'add')));
  }

  async unban(targets: readonly Network[]): Promise<Result<void>> {
    const known = targets.filter((target) => this.#sets.has(setOf(target)));
    if (known.length === 0) return await Promise.resolve(ok());
    const asked = this.#ask(
      writeBatch(
        this.#ruleset.table,
        this.#edits(
          known.map((target) => ({ target, bantime: 1000 as Duration })),
          'delete',
        ),
      ),
    );
    if (!asked.ok) return asked;
    const [error] = asked.value.errors;
    return error === undefined ? ok() : refusal('unban in the firewall', error.errno);
  }

  async keepAway(targets: readonly Ban[]): Promise<Result<void>> {
    if (!this.#ruleset.backoff) return this.#cannotKeepAway;
    const bySet = Map.groupBy(targets, ({ target }) => backoffSetOf(target));
    const edits = Array.from(bySet, ([set, some]) => editOf(set, 'renew', newestOf(some)));
    const asked = this.#ask(writeBatch(this.#ruleset.table, edits));
    if (!asked.ok) return await Promise.resolve(asked);
    const [error] = asked.value.errors;
    return error === undefined ? ok() : refusal('keep away in the firewall', error.errno);
  }

  async calls(): Promise<Result<readonly Call[]>> {
    const calls: Call[] = [];
    if (!this.#ruleset.backoff) return ok(calls);
    for (const set of callSets) {
      const listed = this.#ask(writeQuestion('elements', this.#ruleset.table, set));
      if (!listed.ok) return listed;
      const [error] = listed.value.errors;
      if (error !== undefined) return refusal('list the calls in the firewall', error.errno);
      for (const { key, milliseconds } of readElements(listed.value.messages)) {
        const call = callOf(key);
        const from = call && parseAddress(call.from.text);
        if (from !== undefined) calls.push({ from, port: call?.port ?? 0, ago: callMs - milliseconds });
      }
    }
    return await Promise.resolve(ok(calls));
  }

  async list(): Promise<Result<readonly ListedBan[]>> {
    const bans: ListedBan[] = [];
    for (const set of this.#sets) {
      const listed = this.#ask(writeQuestion('elements', this.#ruleset.table, set));
      if (!listed.ok) return listed;
      const [error] = listed.value.errors;
      if (error !== undefined) return refusal('list the bans of the firewall', error.errno);
      for (const { key, milliseconds, packets } of readElements(listed.value.messages)) {
        const target = targetOf(set, key);
        if (target === undefined) continue;
        bans.push({
          target,
          bantime: milliseconds as Duration,
          ...(packets === undefined ? {} : { dropped: packets }),
        });
      }
    }
    return await Promise.resolve(ok(bans));
  }

  async isWhole(): Promise<Result<boolean>> {
    const asked = this.#ask(writeQuestion('rules', this.#ruleset.table));
    if (!asked.ok) return asked;
    return await Promise.resolve(
      ok(countRules(asked.value.messages) >= ruleCount(this.#ruleset, [...this.#sets])),
    );
  }

  async remove(): Promise<Result<void>> {
    const removed = await this.#load(
      'remove the firewall table',
      `add table inet ${this.#ruleset.table}\ndelete table inet ${this.#ruleset.table}\n`,
    );
    if (removed.ok) for (const set of this.#sets) if (!wholeSets.includes(set)) this.#sets.delete(set);
    return removed;
  }

  /** Makes the sets that these bans need and that are not there yet. */
  async #know(bans: readonly Ban[]): Promise<Result<void>> {
    const missing = new Set(bans.map(({ target }) => setOf(target)).filter((set) => !this.#sets.has(set)));
    if (missing.size === 0) return ok();
    for (const set of missing) this.#sets.add(set);
    const made = await this.#loadRuleset();
    if (!made.ok) for (const set of missing) this.#sets.delete(set);
    return made;
  }

  /** Writes them in one transaction; where something is refused, in halves, until it is found. */
  #write(bans: readonly Ban[], act: 'add' | 'renew', refused: RefusedBan[]): Result<void> {
    const asked = this.#ask(writeBatch(this.#ruleset.table, this.#edits(bans, act)));
    if (!asked.ok) return asked;
    const [error] = asked.value.errors;
    if (error === undefined) return ok();
    const { errno } = error;
    if (errno === exists && act === 'add') return this.#write(newestOf(bans), 'renew', refused);
    const refusedHere = refusal('ban in the firewall', errno);
    // No table, or no right to it, is nobody's fault among them.
    if (errno === noEntry || errno === notPermitted) return refusedHere;
    if (bans.length === 1 || refused.length >= mostRefusals) {
      for (const ban of bans) refused.push({ ban, problem: naming(ban, refusedHere.problem) });
      return ok();
    }
    const half = bans.length >> 1;
    const first = this.#write(bans.slice(0, half), act, refused);
    return first.ok ? this.#write(bans.slice(half), act, refused) : first;
  }

  #edits(bans: readonly Ban[], act: SetEdit['act']): SetEdit[] {
    const bySet = Map.groupBy(bans, ({ target }) => setOf(target));
    return Array.from(bySet, ([set, some]) => editOf(set, act, some));
  }

  /** Ends every connection that they have on the banned ports. */
  async #endConnections(bans: readonly Ban[]): Promise<Result<void>> {
    if (bans.length === 0) return ok();
    if (this.#sockets === undefined) {
      const opened = TcpSockets.open();
      if (!opened.ok) return opened;
      this.#sockets = opened.value;
    }
    const { ports } = this.#ruleset;
    const open = this.#sockets.list({
      ports: typeof ports === 'string' ? undefined : ports,
      established: false,
    });
    if (!open.ok) return open;
    if (open.value.length === 0) return ok();
    const banned = new NetworkSet(bans.map(({ target }) => target));
    const isTheirs = ({ peer, localPort }: TcpSocket): boolean =>
      banned.find(peer) !== undefined && (ports !== 'all but 25' || localPort !== relayPort);
    return await endConnections(this.#sockets, open.value.filter(isTheirs), this.#endServers);
  }

  async #makeTable(isThere: boolean): Promise<Result<void>> {
    const made = await this.#loadRuleset();
    if (made.ok || !isThere) return made;
    // A table that another version made may not fit: then it goes, and whoever keeps the bans bans again.
    const removed = await this.remove();
    return removed.ok ? await this.#loadRuleset() : made;
  }

  async #loadRuleset(): Promise<Result<void>> {
    return await this.#load('make the firewall table', rulesetText(this.#ruleset, [...this.#sets]));
  }

  async #load(act: string, commands: string): Promise<Result<void>> {
    const loaded = await this.#execute(act, ['nft', '-f', '-'], { input: commands });
    return loaded.ok ? ok() : loaded;
  }

  #open(): Result<Netlink> {
    if (this.#netlink !== undefined) return ok(this.#netlink);
    const opened = Netlink.open(protocols.netfilter);
    if (opened.ok) this.#netlink = opened.value;
    return opened;
  }

  #ask(bytes: Buffer): Result<NetlinkAnswer> {
    const netlink = this.#open();
    return netlink.ok ? netlink.value.ask(bytes) : netlink;
  }
}

function editOf(set: string, act: SetEdit['act'], bans: readonly Ban[]): SetEdit {
  const element = (at: number): SetElement => {
    const ban = bans[at];
    if (ban === undefined) throw new RangeError(`there are ${bans.length} bans, none is number ${at}`);
    return { key: keyOf(ban.target), milliseconds: Math.max(1, Math.ceil(ban.bantime)) };
  };
  return { set, act, count: bans.length, element };
}

/** Of a target that is given more than once, the ban that is given last. */
function newestOf(bans: readonly Ban[]): readonly Ban[] {
  return [...new Map(bans.map((ban) => [ban.target.text, ban])).values()];
}

function refusal(act: string, errno: number): { readonly ok: false; readonly problem: Problem } {
  const kind = errno === notPermitted ? 'permission' : errno === noEntry ? 'missing' : 'unavailable';
  const message = `cannot ${act}: the kernel must accept it: ${errorText(errno)}`;
  return errno === notPermitted
    ? fail(kind, message, { hint: 'it needs CAP_NET_ADMIN' })
    : fail(kind, message);
}

function naming({ target }: Ban, problem: Problem): Problem {
  return { ...problem, message: problem.message.replace('cannot ban', `cannot ban ${target.text}`) };
}
