/**
 * Looks at the kernel while an attack is on, and a while after: who holds the slots (the socket table), and
 * who calls again though it is kept away (the firewall). Neither is in any log.
 */
import type { Address } from '../base/address.ts';
import { endConnections, type EndServers } from '../guard/end-connections.ts';
import type { Guard } from '../guard/guard.ts';
import { type MailSocket, mailPorts } from '../guard/mail-socket.ts';
import type { GuardRecord } from '../guard/record.ts';
import type { Sighting } from '../guard/sighting.ts';
import type { Verdict } from '../guard/verdict.ts';
import type { Clock } from '../host/clock.ts';
import { type TcpSocket, TcpSockets } from '../host/tcp-sockets.ts';
import type { Gates } from './gates.ts';

export interface SlotSamplerOptions {
  readonly guard: Guard;
  readonly gates: Gates;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (record: GuardRecord) => void;
  /** Whether connections may be ended: not where the guard only observes. */
  readonly enforces: boolean;
  /** Asked where the kernel cannot destroy sockets. */
  readonly endServers?: EndServers | undefined;
}

/** How often the kernel is asked. */
const sampleMs = 250;

export class SlotSampler {
  readonly #options: SlotSamplerOptions;
  readonly #carryOut: (verdict: Verdict, at: number) => void;
  #sampling: Promise<void> | undefined;
  /** The calls that were there at the last look. */
  #heard: ReadonlySet<string> = new Set();

  constructor(options: SlotSamplerOptions, carryOut: (verdict: Verdict, at: number) => void) {
    this.#options = options;
    this.#carryOut = carryOut;
  }

  start(): void {
    this.#sampling ??= this.#sample();
  }

  async settled(): Promise<void> {
    await this.#sampling;
  }

  async #sample(): Promise<void> {
    const { guard, clock, signal, tell } = this.#options;
    const table = TcpSockets.open();
    let isOn = false;
    const tellChange = (isOnNow: boolean): void => {
      if (isOnNow !== isOn) tell({ type: 'attack', at: clock.now(), state: isOnNow ? 'begun' : 'over' });
      isOn = isOnNow;
    };
    while (table.ok && !signal.aborted && guard.watchesSlots(clock.now())) {
      tellChange(guard.isUnderAttack(clock.now()));
      const sockets = table.value.list({ ports: mailPorts, established: true });
      if (sockets.ok) await this.#judge(table.value, sockets.value);
      else tell({ type: 'problem', at: clock.now(), problem: sockets.problem });
      await this.#hearCalls();
      await clock.sleep(sampleMs, signal);
    }
    if (table.ok) table.value.close();
    else tell({ type: 'problem', at: clock.now(), problem: table.problem });
    tellChange(false);
    this.#sampling = undefined;
  }

  /** Who is kept away and calls all the same is turned away once more, by the kernel and not by Exim. */
  async #hearCalls(): Promise<void> {
    const { guard, gates, clock, tell } = this.#options;
    const calls = await gates.all.calls();
    const now = clock.now();
    if (!calls.ok) {
      tell({ type: 'problem', at: now, problem: calls.problem });
      return;
    }
    const heard = new Set<string>();
    for (const { from, port, ago } of calls.value.toSorted((one, other) => other.ago - one.ago)) {
      const key = `${from} ${port}`;
      heard.add(key);
      if (this.#heard.has(key)) continue;
      const at = now - ago;
      const { verdict } = guard.weigh(calledAgain(from, port), at);
      if (verdict !== undefined) this.#carryOut(verdict, now);
    }
    this.#heard = heard;
  }

  async #judge(table: TcpSockets, sockets: readonly TcpSocket[]): Promise<void> {
    const { guard, clock, tell, enforces, endServers } = this.#options;
    const now = clock.now();
    const { verdicts, endings } = guard.judge(sockets, now);
    for (const verdict of verdicts) this.#carryOut(verdict, now);
    const ending = new Set<MailSocket>(endings.flatMap(({ connections }) => connections));
    if (!enforces) return;
    const held = sockets.filter((socket) => ending.has(socket));
    const ended = await endConnections(table, held, endServers);
    if (!ended.ok) tell({ type: 'problem', at: clock.now(), problem: ended.problem });
  }
}

function calledAgain(address: Address, port: number): Sighting {
  return {
    kind: 'turned-away',
    address,
    line: `called again from port ${port} just after it was turned away: refused by the firewall`,
  };
}
