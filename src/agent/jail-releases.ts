/** Tells jails whom a person has let go: their firewalls and counts are their own. */
import type { Network } from '../base/network.ts';

export type Release = (targets: readonly Network[]) => void;

export class JailReleases {
  readonly #told: Release[] = [];

  add(told: Release): void {
    this.#told.push(told);
  }

  release(targets: readonly Network[]): void {
    for (const told of this.#told) told(targets);
  }
}
