/**
 * Tells notices on, to every channel by its own rules (`gathering.ts`). A channel that fails is tried again,
 * later each time, for an hour; it holds up no other, and its trouble is told of once, in the agent's own log.
 */
import type { Problem } from '../base/problem.ts';
import type { Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import type { Channel } from './channel.ts';
import { gather, type Gathering, type Message, nothingGathered } from './gathering.ts';
import type { Notice } from './notice.ts';

export interface TellerOptions {
  readonly clock: Clock;
  readonly send: (channel: Channel, message: Message) => Promise<Result<void>>;
  readonly trouble: (problem: Problem) => void;
  /** Of the day, in local time. */
  readonly minuteOfDay: (now: number) => number;
}

const pausesMs = [5000, 30_000, 120_000, 600_000, 1_800_000];
const tickMs = 1000;

interface State {
  gathering: Gathering;
  wakeAt: number | undefined;
  sending: Promise<void> | undefined;
}

export class Teller {
  readonly #options: TellerOptions;
  #channels: readonly Channel[];
  readonly #states = new Map<string, State>();

  constructor(channels: readonly Channel[], options: TellerOptions) {
    this.#channels = channels;
    this.#options = options;
  }

  /** Other channels from now on; what waits for one that stays is kept. */
  adopt(channels: readonly Channel[]): void {
    this.#channels = channels;
    const names = new Set(channels.map(({ name }) => name));
    for (const name of this.#states.keys()) if (!names.has(name)) this.#states.delete(name);
  }

  note(notice: Notice): void {
    for (const channel of this.#channels) this.#decide(channel, notice);
  }

  /** Until the signal is aborted; what is being sent then is waited for, what waits is sent at once. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(tickMs, signal);
      const now = clock.now();
      for (const channel of this.#channels) {
        const { wakeAt } = this.#state(channel);
        if (wakeAt !== undefined && wakeAt <= now) this.#decide(channel, undefined);
      }
    }
    await Promise.all(this.#states.values().map(async ({ sending }) => await sending));
  }

  #state({ name }: Channel): State {
    return this.#states.getOrInsertComputed(name, () => ({
      gathering: nothingGathered,
      wakeAt: undefined,
      sending: undefined,
    }));
  }

  #decide(channel: Channel, notice: Notice | undefined): void {
    const { clock, minuteOfDay } = this.#options;
    const state = this.#state(channel);
    const now = clock.now();
    const decided = gather(state.gathering, notice, now, channel.rules, minuteOfDay(now));
    state.gathering = decided.state;
    state.wakeAt = decided.wakeAt;
    const { message } = decided;
    if (message === undefined) return;
    state.sending = (state.sending ?? Promise.resolve()).then(async () => {
      await this.#send(channel, message);
    });
  }

  async #send(channel: Channel, message: Message): Promise<void> {
    const { clock, send, trouble } = this.#options;
    for (const [round, pause] of [...pausesMs, 0].entries()) {
      const sent = await send(channel, message);
      if (sent.ok) return;
      if (round === 0)
        trouble({ ...sent.problem, message: `${sent.problem.message} (channel ${channel.name})` });
      await clock.sleep(pause);
    }
  }
}
