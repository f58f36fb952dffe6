/**
 * Opens the store of a state folder. A file that is damaged or held by somebody is moved aside, with a
 * problem that says so, and a fresh one takes its place: the guard goes on. Where no file can be kept at
 * all, memory has to do. One that a newer version made is refused: moving it aside would lose it.
 */
import type { Problem } from '../base/problem.ts';
import { ok, type Failed, type Result } from '../base/result.ts';
import { databaseState, openDatabase } from '../host/database.ts';
import { exists, makeFolder, moveFile } from '../host/files.ts';
import { MemoryStore } from './memory-store.ts';
import { migrate } from './migrate.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

export interface OpenedStore {
  readonly store: Store;
  /** What kept it from the store that it should have been. */
  readonly problem?: Problem;
}

/**
 * `now` names what is moved aside. `first` is done as soon as the store can be read, before all of it has been
 * looked at for damage: what cannot wait for that.
 */
export async function openStore(
  folder: string,
  now: number,
  first?: (store: Store) => Promise<void>,
): Promise<Result<OpenedStore>> {
  const path = `${folder}/portreeve.db`;
  const made = await makeFolder(folder, 0o750);
  if (!made.ok) return inMemory(made);
  const opened = await openFile(path, first);
  if (opened.ok) return ok({ store: opened.value });
  if (opened.problem.kind === 'configuration') return opened;
  const state = databaseState(opened);
  if (state === 'other') return inMemory(opened);
  const aside = `${path}.${state}-${now}`;
  for (const part of ['', '-wal', '-shm']) {
    if (!(await exists(path + part))) continue;
    const moved = await moveFile(path + part, aside + part);
    if (!moved.ok) return inMemory(moved);
  }
  const fresh = await openFile(path);
  if (!fresh.ok) return inMemory(fresh);
  const message = `${opened.problem.message}; it is ${aside} now, and a new one is begun`;
  const hint = 'bans and trust from before are in the old file; those in the firewall stay in force';
  return ok({ store: fresh.value, problem: { ...opened.problem, message, hint } });
}

async function openFile(path: string, first?: (store: Store) => Promise<void>): Promise<Result<Store>> {
  const file = openDatabase(path);
  if (!file.ok) return file;
  const migrated = await migrate(file.value, path);
  const store = new SqliteStore(file.value);
  if (migrated.ok) await first?.(store);
  const sound = migrated.ok ? file.value.check() : migrated;
  if (sound.ok) return ok(store);
  file.value.close();
  return sound;
}

function inMemory({ problem }: Failed): Result<OpenedStore> {
  const hint = 'the guard goes on, and forgets bans and trust when it stops';
  return ok({ store: new MemoryStore(), problem: { ...problem, hint } });
}
