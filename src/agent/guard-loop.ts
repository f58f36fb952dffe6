/**
 * The live guard: follows Exim's log, samples the socket table while an attack is on, and carries
 * every verdict to the firewall. Assembly only: what is judged and how is `guard/`.
 *
 * Verdicts that come while the firewall is busy wait and go in one batch, so a thousand bans cost a
 * few calls. A firewall that fails is told of, and the ban is tried again with the next batch.
 */
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import type { Firewall } from '../guard/firewall/firewall.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardRecord } from '../guard/record.ts';
import { mailPorts, readSocketTable } from '../guard/socket-table.ts';
import type { Verdict } from '../guard/verdict.ts';
import type { Clock } from '../host/clock.ts';
import { follow } from '../host/follow.ts';
import { run } from '../host/run.ts';

export interface GuardLoopOptions {
  readonly log: string;
  readonly guard: Guard;
  readonly firewall: Firewall;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (record: GuardRecord) => void;
}

/** How often the socket table is read while an attack is on. */
const sampleMs = 250;

export async function runGuardLoop(options: GuardLoopOptions): Promise<void> {
  const { log, guard, clock, signal } = options;
  const bans = new BanQueue(options);
  const sampler = new SlotSampler(options, bans);
  const context = logContext();
  await follow(log, {
    from: 'end',
    signal,
    onProblem: (problem) => {
      options.tell({ type: 'problem', at: clock.now(), problem });
    },
    onLine: (line) => {
      const event = parseLogLine(line, context);
      const now = clock.now();
      const { alert, verdict } = guard.take(event, line, now);
      if (alert !== undefined) options.tell({ type: 'alert', at: now, ...alert });
      if (verdict !== undefined) bans.add([verdict]);
      if (guard.isUnderAttack(now)) sampler.start();
    },
  });
  await Promise.all([bans.settled(), sampler.settled()]);
}

class BanQueue {
  readonly #options: GuardLoopOptions;
  #waiting: Verdict[] = [];
  #working: Promise<void> | undefined;

  constructor(options: GuardLoopOptions) {
    this.#options = options;
  }

  add(verdicts: readonly Verdict[]): void {
    this.#waiting.push(...verdicts);
    if (this.#waiting.length > 0) this.#working ??= this.#work();
  }

  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    const { firewall, clock, tell } = this.#options;
    // Lines of one write of Exim's are read together: let them all be judged first.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const banned = await firewall.ban(batch);
      const at = clock.now();
      if (!banned.ok) {
        tell({ type: 'problem', at, problem: banned.problem });
        this.#waiting = [...batch, ...this.#waiting];
        await clock.sleep(1000, this.#options.signal);
        if (this.#options.signal.aborted) break;
        continue;
      }
      for (const { bantime, ...verdict } of batch) {
        tell({ type: 'ban', at, seconds: bantime / 1000, ...verdict });
      }
    }
    this.#working = undefined;
  }
}

class SlotSampler {
  readonly #options: GuardLoopOptions;
  readonly #bans: BanQueue;
  #sampling: Promise<void> | undefined;

  constructor(options: GuardLoopOptions, bans: BanQueue) {
    this.#options = options;
    this.#bans = bans;
  }

  start(): void {
    this.#sampling ??= this.#sample();
  }

  async settled(): Promise<void> {
    await this.#sampling;
  }

  async #sample(): Promise<void> {
    const { guard, clock, signal, tell } = this.#options;
    tell({ type: 'attack', at: clock.now(), state: 'begun' });
    const ports = mailPorts.map((port) => `sport = :${port}`).join(' or ');
    while (!signal.aborted && guard.isUnderAttack(clock.now())) {
      const table = await run(['ss', '-tniOH', 'state', 'established', `( ${ports} )`], { timeoutMs: 5000 });
      if (table.ok) this.#bans.add(guard.judge(readSocketTable(table.value.stdout), clock.now()).verdicts);
      else tell({ type: 'problem', at: clock.now(), problem: table.problem });
      await clock.sleep(sampleMs, signal);
    }
    tell({ type: 'attack', at: clock.now(), state: 'over' });
    this.#sampling = undefined;
  }
}
