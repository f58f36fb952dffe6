/** What is known of connections (`<F-MLFID>`), so that a later line of one can count: a hundred of them, for five minutes. */

const most = 100;
const seconds = 300;

export class ConnectionMemory<Known> {
  readonly #known = new Map<string, { readonly value: Known; readonly until: number }>();

  get(connection: string, now: number): Known | undefined {
    const found = this.#known.get(connection);
    if (found === undefined || found.until > now) return found?.value;
    this.#known.delete(connection);
    return undefined;
  }

  set(connection: string, value: Known, now: number): void {
    if (this.#known.size >= most) {
      // The oldest, and with it those that have run out.
      for (const [oldest, { until }] of this.#known) {
        this.#known.delete(oldest);
        if (until > now && this.#known.size < most) break;
      }
    }
    this.#known.set(connection, { value, until: now + seconds });
  }

  forget(connection: string): void {
    this.#known.delete(connection);
  }
}
