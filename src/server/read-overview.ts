/** Gathers the first page from the sources. A keeper that is silent makes one answer `unknown`, and no others. */
import { ok, type Result } from '../base/result.ts';
import type { Overview } from './api/overview.ts';
import { isAccountable, isEncrypted, isGuarded } from './judge-overview.ts';
import type { Sources } from './sources.ts';

export async function readOverview(sources: Sources): Promise<Result<Overview>> {
  const { clock, store, guard, history, host } = sources;
  const at = clock.now();
  const bans = store.bansInForce(at, { search: '', limit: 1 });
  const bansInForce = bans.ok ? bans.value.total : 0;
  const [folders, changes] = await Promise.all([history.folders(), history.changes()]);
  const accountable =
    folders.ok && changes.ok
      ? isAccountable({ folders: folders.value, changes: changes.value })
      : isAccountable(undefined, folders.ok ? (changes.ok ? undefined : changes.problem) : folders.problem);
  return ok({
    at,
    host,
    encrypted: isEncrypted(sources.ports(), at),
    guarded: isGuarded({ firewall: guard.firewall, isUnderAttack: guard.isUnderAttack(), bansInForce }),
    accountable,
    needed: [...sources.needed()],
    bansInForce,
  });
}
