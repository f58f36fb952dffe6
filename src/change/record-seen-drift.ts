/**
 * Records drift that a watcher has come upon, with what can be known of it. It has no reason: it stays
 * unexplained until somebody tells one (`history explain`, or `history record` right afterwards).
 *
 * The first record of a folder is left to the person who tracks it. While packages are changed and their
 * hook is at work, the record is left to the hook, which knows them.
 */
import { ok, type Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { exists } from '../host/files.ts';
import { isHeld } from '../host/lock.ts';
import { loggedIn } from '../host/logged-in.ts';
import { packageManagerRuns } from '../host/package-manager.ts';
import { pathTimes } from '../host/path-times.ts';
import { personNamed } from '../host/person.ts';
import { stateFolder } from '../host/state-folder.ts';
import type { Difference } from '../history/difference.ts';
import { findDrift } from '../history/drift.ts';
import { driftReason } from '../history/drift-reason.ts';
import { isByHand } from '../history/by-hand.ts';
import { parseReason, type Reason } from '../history/reason.ts';
import { record, type Recorded } from '../history/record.ts';
import type { Repository } from '../history/repository.ts';
import { openTransaction } from './open-transaction.ts';
import { recover } from './recover.ts';

/** What was recorded; undefined where there was nothing; `later` where it is not the time. */
export async function recordSeenDrift(
  repository: Repository,
  clock: Clock,
): Promise<Result<Recorded | 'later' | undefined>> {
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  if (drift.value.head === undefined) return ok(undefined);
  if (drift.value.differences.length === 0 && !(await isByHand(repository))) return ok(undefined);
  const packages = await packageManagerRuns();
  if (packages && (await exists(`${stateFolder()}/packages-before`))) return ok('later');
  const reason = parseReason('drift');
  if (!reason.ok) return reason;
  const opened = await openTransaction({
    folder: repository.folder,
    reason: reason.value,
    tell: () => undefined,
    options: { clock, person: personNamed('unknown') },
  });
  // A change is at work: what it does is its own to record.
  if (!opened.ok) return (await isHeld(`${stateFolder()}/lock`)) ? ok('later') : opened;
  const { transaction, close } = opened.value;
  try {
    // Half a change is nobody's drift.
    const recovered = await recover(transaction);
    if (!recovered.ok) return recovered;
    return await record(repository, {
      reason: async (found) => await reasonOf(repository, found, { seenAt: clock.now(), packages }),
      person: transaction.person,
      at: clock.now(),
    });
  } finally {
    close();
  }
}

const mostLookedAt = 100;

async function reasonOf(
  { folder }: Repository,
  found: readonly Difference[],
  seen: { readonly seenAt: number; readonly packages: boolean },
): Promise<Result<Reason>> {
  const looked = await Promise.all(
    found
      .filter(({ after }) => after !== undefined)
      .slice(0, mostLookedAt)
      .map(async ({ path }) => await pathTimes(`${folder}/${path}`)),
  );
  const times = looked.filter((each) => each !== undefined);
  const uids = [...new Set(times.map(({ uid }) => uid))].toSorted((a, b) => a - b);
  return driftReason({
    differences: found,
    ...(times.length === 0 ? {} : { changedAt: Math.max(...times.map(({ changedAt }) => changedAt)) }),
    ...seen,
    uids,
    loggedIn: await loggedIn(),
  });
}
