/** Observe mode: keeps the list, touches nothing. */
import type { Address } from '../../base/address.ts';
import type { Duration } from '../../base/duration.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../host/clock.ts';
import type { Ban, Firewall } from './firewall.ts';

export class NullFirewall implements Firewall {
  readonly name = 'null';
  readonly #clock: Clock;
  readonly #until = new Map<Address, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async prepare(): Promise<Result<void>> {
    return await Promise.resolve(ok());
  }

  async ban(bans: readonly Ban[]): Promise<Result<void>> {
    for (const { address, bantime } of bans) this.#until.set(address, this.#clock.now() + bantime);
    return await Promise.resolve(ok());
  }

  async unban(addresses: readonly Address[]): Promise<Result<void>> {
    for (const address of addresses) this.#until.delete(address);
    return await Promise.resolve(ok());
  }

  async list(): Promise<Result<readonly Ban[]>> {
    const now = this.#clock.now();
    const inForce = [...this.#until].filter(([, until]) => until > now);
    return await Promise.resolve(
      ok(inForce.map(([address, until]) => ({ address, bantime: (until - now) as Duration }))),
    );
  }

  async remove(): Promise<Result<void>> {
    this.#until.clear();
    return await Promise.resolve(ok());
  }
}
