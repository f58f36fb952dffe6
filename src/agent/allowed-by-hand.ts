/**
 * Who is never banned because a person said so to the running guard, kept in its store beside what it has in mind. What
 * the settings name stands in the settings, and is nobody's to take back here.
 */
import { type Network, parseNetwork } from '../base/network.ts';
import { NetworkSet } from '../base/network-set.ts';
import { ok, type Result } from '../base/result.ts';
import type { Store } from '../store/store.ts';
import type { AllowedTarget } from './guard-hands.ts';

/** They do not age. */
const always = Number.MAX_SAFE_INTEGER;

/** The newest first. */
export function readAllowed(store: Store): Result<readonly AllowedTarget[]> {
  const found: AllowedTarget[] = [];
  const read = store.eachMemory('allow', 0, ({ key, state }) => {
    found.push({ ...(JSON.parse(state) as Omit<AllowedTarget, 'target'>), target: key });
  });
  return read.ok ? ok(found.toSorted((one, other) => other.at - one.at)) : read;
}

export function keepAllowed(
  store: Store,
  targets: readonly Network[],
  why: Omit<AllowedTarget, 'target'>,
): Result<void> {
  const state = JSON.stringify(why);
  return store.save({ memory: targets.map(({ text }) => ({ kind: 'allow', key: text, at: always, state })) });
}

export function forgetAllowed(store: Store, targets: readonly Network[]): Result<void> {
  return store.save({
    memory: targets.map(({ text }) => ({ kind: 'allow', key: text, at: always, state: undefined })),
  });
}

export function networksOf(allowed: readonly AllowedTarget[]): Network[] {
  return allowed.flatMap(({ target }) => parseNetwork(target) ?? []);
}

/** The targets of bans in force that would hit one of them. */
export function bansUpon(store: Store, targets: readonly Network[], now: number): Result<readonly string[]> {
  const found: string[] = [];
  const wanted = new NetworkSet(targets);
  const read = store.eachInForce(now, (text) => {
    const network = parseNetwork(text);
    if (network !== undefined && wanted.overlaps(network)) found.push(text);
  });
  return read.ok ? ok([...new Set(found)]) : read;
}
