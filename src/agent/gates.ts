/**
 * The guard's two lists of bans in force: of those who are kept out, and of those who only cannot log in while
 * their mail comes in (docs/decisions/0058). A backend that closes all ports alike has the first one alone.
 */
import type { Network } from '../base/network.ts';
import { leavesMail } from '../guard/leaves-mail.ts';
import type { Enforcer } from './enforcer.ts';

export class Gates {
  readonly all: Enforcer;
  readonly #logins: Enforcer | undefined;

  constructor(all: Enforcer, logins?: Enforcer) {
    this.all = all;
    this.#logins = logins;
  }

  /** Where bans of a rule go. */
  of(rule: string): Enforcer {
    return leavesMail(rule) ? (this.#logins ?? this.all) : this.all;
  }

  /** Takes bans back, whatever they are for. */
  lift(targets: readonly Network[]): void {
    this.all.lift(targets);
    this.#logins?.lift(targets);
  }

  async settled(): Promise<void> {
    await Promise.all([this.all.settled(), this.#logins?.settled()]);
  }

  /** Holds the firewall to both until the signal is aborted. */
  async run(): Promise<void> {
    await Promise.all([this.all.run(), this.#logins?.run()]);
  }
}
