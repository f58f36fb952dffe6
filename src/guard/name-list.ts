/** Names of known senders: `mail.example.org`, or `*.example.org` for all below it. */
export class NameList {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  has(name: string): boolean {
    const parts = name.toLowerCase().replace(/\.$/, '').split('.').slice(-10);
    if (this.#names.has(parts.join('.'))) return true;
    return parts.some((_, place) => place > 0 && this.#names.has(`*.${parts.slice(place).join('.')}`));
  }
}
