/**
 * Who may log in: the bearer of a token that `portreeve web login` has printed, once, or who knows the
 * password. Trying is slowed down: after five failures in a minute everybody waits for the next one, and a
 * password is checked one at a time, because a check costs 19 MiB and 35 ms.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { readText } from '../host/files.ts';
import { isPassword } from '../host/password.ts';
import { loginTokenEnd } from './login-key.ts';

const mostFailures = 5;
const windowMs = 60_000;
const mostWaiting = 3;

export interface GateOptions {
  readonly key: string;
  /** Where the hash of the password lies; it need not be there. */
  readonly passwordFile: string;
}

export type Credentials = { readonly token: string } | { readonly password: string };

export class Gate {
  readonly #options: GateOptions;
  readonly #used = new Map<string, number>();
  #failures: number[] = [];
  #checking: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  async admit(credentials: Credentials, now: number): Promise<Result<void>> {
    const admitted =
      'token' in credentials
        ? this.#byToken(credentials.token, now)
        : await this.#byPassword(credentials.password, now);
    if (!admitted.ok && admitted.problem.kind === 'permission')
      this.#failures = [...this.#failures.slice(-mostFailures), now];
    return admitted;
  }

  #byToken(token: string, now: number): Result<void> {
    const end = loginTokenEnd(this.#options.key, token, now);
    for (const [used, until] of this.#used) if (until <= now) this.#used.delete(used);
    if (end === undefined || this.#used.has(token))
      return fail('permission', 'cannot log in: the token must be fresh and unused: it is not', {
        hint: 'print a new one on the server: portreeve web login',
      });
    this.#used.set(token, end);
    return ok();
  }

  async #byPassword(password: string, now: number): Promise<Result<void>> {
    this.#failures = this.#failures.filter((at) => at > now - windowMs);
    if (this.#failures.length >= mostFailures || this.#waiting >= mostWaiting)
      return fail('unavailable', 'cannot log in: too many have tried: wait a minute', {
        hint: 'or print a token on the server: portreeve web login',
      });
    this.#waiting += 1;
    const mine = this.#checking.then(async () => await this.#check(password));
    this.#checking = mine;
    const right = await mine;
    this.#waiting -= 1;
    if (right) return ok();
    return fail('permission', 'cannot log in: the password must be right: it is not', {
      hint: 'set one on the server: portreeve web password; or print a token: portreeve web login',
    });
  }

  async #check(password: string): Promise<boolean> {
    const hash = await readText(this.#options.passwordFile, 1000);
    // Without a password a check takes as long: whether there is one is nobody's business.
    const none = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    return (await isPassword(password, hash.ok ? hash.value : none)) && hash.ok;
  }
}
