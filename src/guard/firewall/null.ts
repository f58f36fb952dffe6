/** Observe mode: keeps the list, touches nothing. */
import type { Duration } from '../../base/duration.ts';
import type { Network } from '../../base/network.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../host/clock.ts';
import type { Ban, Firewall, ListedBan, RefusedBan } from './firewall.ts';

export class NullFirewall implements Firewall {
  readonly name = 'null';
  readonly #clock: Clock;
  readonly #bans = new Map<string, { readonly target: Network; readonly until: number }>();
  #sweepAt = 10_000;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async prepare(): Promise<Result<void>> {
    return await Promise.resolve(ok());
  }

  async ban(bans: readonly Ban[]): Promise<Result<readonly RefusedBan[]>> {
    const now = this.#clock.now();
    for (const { target, bantime } of bans) this.#bans.set(target.text, { target, until: now + bantime });
    if (this.#bans.size > this.#sweepAt) {
      this.#sweep(now);
      this.#sweepAt = Math.max(10_000, this.#bans.size * 2);
    }
    return await Promise.resolve(ok([]));
  }

  async unban(targets: readonly Network[]): Promise<Result<void>> {
    for (const { text } of targets) this.#bans.delete(text);
    return await Promise.resolve(ok());
  }

  async list(): Promise<Result<readonly ListedBan[]>> {
    const now = this.#clock.now();
    this.#sweep(now);
    return await Promise.resolve(
      ok(
        Array.from(this.#bans.values(), ({ target, until }) => ({
          target,
          bantime: (until - now) as Duration,
        })),
      ),
    );
  }

  async isWhole(): Promise<Result<boolean>> {
    return await Promise.resolve(ok(true));
  }

  async remove(): Promise<Result<void>> {
    this.#bans.clear();
    return await Promise.resolve(ok());
  }

  #sweep(now: number): void {
    for (const [text, { until }] of this.#bans) if (until <= now) this.#bans.delete(text);
  }
}
