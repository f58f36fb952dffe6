/**
 * Bans by a program of the administrator's: for a firewall that we do not know. It is run with an argument
 * vector, never by a shell: `PROGRAM ARGUMENT… ban TARGET SECONDS`, `… unban TARGET`, and `… prepare` and
 * `… remove` where something has to be made or cleared away. Status 0 means that it is done.
 *
 * TARGET is an address or a network and nothing else; the program gets no text that a stranger could write.
 * A ban ends while we live: when its time is over, `unban` is run. What is in force is known from what was run.
 */
import type { Duration } from '../../base/duration.ts';
import type { Network } from '../../base/network.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../host/clock.ts';
import type { Ran, RunOptions } from '../../host/run.ts';
import { succeed } from '../../host/succeed.ts';
import type { Ban, Firewall, ListedBan, RefusedBan } from './firewall.ts';

type Execute = (act: string, argv: readonly string[], options?: RunOptions) => Promise<Result<Ran>>;

const timeoutMs = 10_000;
/** At a time: a program that waits for something must not hold up all others. */
const together = 8;

export class CommandFirewall implements Firewall {
  readonly name = 'command';
  readonly #argv: readonly string[];
  readonly #clock: Clock;
  readonly #execute: Execute;
  readonly #bans = new Map<string, { readonly target: Network; readonly until: number }>();

  constructor(argv: readonly string[], clock: Clock, execute: Execute = succeed) {
    this.#argv = argv;
    this.#clock = clock;
    this.#execute = execute;
  }

  async prepare(): Promise<Result<void>> {
    return await this.#run('prepare the firewall', ['prepare']);
  }

  async ban(bans: readonly Ban[]): Promise<Result<readonly RefusedBan[]>> {
    const now = this.#clock.now();
    const newest = new Map(bans.map((ban) => [ban.target.text, ban]));
    const refused: RefusedBan[] = [];
    await this.#each([...newest.values()], async (ban) => {
      const { target, bantime } = ban;
      const done = await this.#run(`ban ${target.text}`, [
        'ban',
        target.text,
        String(Math.ceil(bantime / 1000)),
      ]);
      if (done.ok) this.#bans.set(target.text, { target, until: now + bantime });
      else refused.push({ ban, problem: done.problem });
    });
    return ok(refused);
  }

  async unban(targets: readonly Network[]): Promise<Result<void>> {
    let first: Result<void> = ok();
    await this.#each(targets, async ({ text }) => {
      if (!this.#bans.has(text)) return;
      const done = await this.#run(`unban ${text}`, ['unban', text]);
      if (done.ok) this.#bans.delete(text);
      else if (first.ok) first = done;
    });
    return first;
  }

  /** Ends first what is over. */
  async list(): Promise<Result<readonly ListedBan[]>> {
    const now = this.#clock.now();
    const over = [...this.#bans.values()].filter(({ until }) => until <= now);
    const ended = await this.unban(over.map(({ target }) => target));
    if (!ended.ok) return ended;
    const listed = Array.from(this.#bans.values(), ({ target, until }) => ({
      target,
      bantime: (until - now) as Duration,
    }));
    return ok(listed);
  }

  async isWhole(): Promise<Result<boolean>> {
    return await Promise.resolve(ok(true));
  }

  async remove(): Promise<Result<void>> {
    const removed = await this.#run('clear the firewall', ['remove']);
    if (removed.ok) this.#bans.clear();
    return removed;
  }

  async #each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    for (let from = 0; from < all.length; from += together)
      await Promise.all(all.slice(from, from + together).map(work));
  }

  async #run(act: string, more: readonly string[]): Promise<Result<void>> {
    const ran = await this.#execute(act, [...this.#argv, ...more], { timeoutMs });
    return ran.ok ? ok() : ran;
  }
}
