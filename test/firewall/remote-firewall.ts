/** A firewall backend that lives in a lab machine (serve-firewall.ts), as if it were here. */
import { join } from 'node:path';
import { type Network, parseNetwork } from '../../src/base/network.ts';
import type { Result } from '../../src/base/result.ts';
import type { Ban, Call, Firewall, ListedBan, RefusedBan } from '../../src/guard/firewall/firewall.ts';
import type { Service } from '../../src/host/service.ts';
import type { Machine } from '../../src/lab/machine.ts';

export class RemoteFirewall implements Firewall {
  readonly name: string;
  readonly #service: Service;
  readonly #answers: ((line: string) => void)[] = [];
  readonly #errors: string[] = [];

  constructor(machine: Machine, kind: string, options: object = {}) {
    this.name = kind;
    this.#service = machine.start(
      [process.execPath, join(import.meta.dirname, 'serve-firewall.ts'), kind, JSON.stringify(options)],
      {
        onLine: (line) => this.#answers.shift()?.(line),
        onErrorLine: (line) => this.#errors.push(line),
      },
    );
    void this.#service.ended.then(() => {
      const message = `the backend has ended: ${this.#errors.join(' | ')}`;
      for (const answer of this.#answers)
        answer(JSON.stringify({ ok: false, problem: { kind: 'unavailable', message } }));
    });
  }

  async prepare(): Promise<Result<void>> {
    return await this.#ask('prepare');
  }

  async ban(bans: readonly Ban[]): Promise<Result<readonly RefusedBan[]>> {
    return await this.#ask('ban', bans);
  }

  async unban(targets: readonly Network[]): Promise<Result<void>> {
    return await this.#ask('unban', targets);
  }

  async keepAway(targets: readonly Ban[]): Promise<Result<void>> {
    return await this.#ask('keepAway', targets);
  }

  async calls(): Promise<Result<readonly Call[]>> {
    return await this.#ask('calls');
  }

  async list(): Promise<Result<readonly ListedBan[]>> {
    return await this.#ask('list');
  }

  async isWhole(): Promise<Result<boolean>> {
    return await this.#ask('isWhole');
  }

  async remove(): Promise<Result<void>> {
    return await this.#ask('remove');
  }

  close(): void {
    this.#service.finish();
  }

  async #ask<T>(method: string, ...given: readonly unknown[]): Promise<Result<T>> {
    const line = await new Promise<string>((resolve) => {
      this.#answers.push(resolve);
      this.#service.send(`${JSON.stringify([method, ...given])}\n`);
    });
    return JSON.parse(line, (key, value: unknown) =>
      key === 'target' ? parseNetwork(value as string) : value,
    ) as Result<T>;
  }
}
