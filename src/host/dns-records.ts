/** What is published in DNS: an empty list where there is none, a problem where nobody can tell. */
import { Resolver } from 'node:dns/promises';
import { type Address, parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';

export interface TlsaRecord {
  readonly usage: number;
  readonly selector: number;
  readonly matching: number;
  /** Lower-case hexadecimal. */
  readonly data: string;
}

const none = new Set(['ENODATA', 'ENOTFOUND']);

export class DnsRecords {
  readonly #resolver: Resolver;

  constructor(servers?: readonly string[]) {
    this.#resolver = new Resolver({ timeout: 3000, tries: 2 });
    if (servers !== undefined) this.#resolver.setServers([...servers]);
  }

  /** The texts of each TXT record, put together. */
  async texts(name: string): Promise<Result<string[]>> {
    return await asked(name, 'TXT', async () =>
      (await this.#resolver.resolveTxt(name)).map((parts) => parts.join('')),
    );
  }

  /** Hosts, the most preferred first. */
  async exchangers(name: string): Promise<Result<string[]>> {
    return await asked(name, 'MX', async () =>
      (await this.#resolver.resolveMx(name))
        .toSorted((a, b) => a.priority - b.priority)
        .map(({ exchange }) => exchange),
    );
  }

  async addresses(name: string): Promise<Result<Address[]>> {
    const found: Address[] = [];
    for (const type of ['A', 'AAAA'] as const) {
      const read = await asked(name, type, async () => await this.#resolver.resolve(name, type));
      if (!read.ok) return read;
      found.push(...read.value.flatMap((text) => parseAddress(text) ?? []));
    }
    return ok(found);
  }

  async tlsa(name: string): Promise<Result<TlsaRecord[]>> {
    return await asked(name, 'TLSA', async () =>
      (await this.#resolver.resolveTlsa(name)).map(({ certUsage, selector, match, data }) => ({
        usage: certUsage,
        selector,
        matching: match,
        data: Buffer.from(data).toString('hex'),
      })),
    );
  }
}

async function asked<T>(name: string, type: string, ask: () => Promise<T[]>): Promise<Result<T[]>> {
  try {
    return ok(await ask());
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return none.has(code)
      ? ok([])
      : fail('unavailable', `cannot look up ${name} ${type}: the name server must answer: ${code}`);
  }
}
