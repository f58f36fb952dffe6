/** Asks the guard: its agent, or where none runs what it has kept. */
import { askAgent } from '../agent/ask-agent.ts';
import { type ControlCommand, obey } from '../agent/control-command.ts';
import { agentFolder, controlPlace } from '../agent/control-place.ts';
import { restoreGuard } from '../agent/restore-guard.ts';
import { StoreHands } from '../agent/store-hands.ts';
import { fail, type Result } from '../base/result.ts';
import type { Settings } from '../base/settings.ts';
import { assembleGuard } from '../guard/assemble-guard.ts';
import { systemClock } from '../host/clock.ts';
import { exists } from '../host/files.ts';
import { openStore } from '../store/open-store.ts';
import { ResolvedNames } from '../host/resolved-names.ts';
import { allowlistOf } from './allowlist-of.ts';

export async function askGuard<Done>(command: ControlCommand, settings: Settings): Promise<Result<Done>> {
  const asked = await askAgent<Done>(command);
  if (asked.ok || asked.problem.kind !== 'unavailable') return asked;
  const file = `${agentFolder()}/portreeve.db`;
  // A file that we made would be ours, and not the agent's.
  if (!(await exists(file)))
    return fail(
      'unavailable',
      `cannot ask the guard: it must run, or have run here: there is no ${controlPlace()} and no ${file}`,
      {
        path: file,
        hint: 'start it: systemctl start portreeve',
      },
    );
  const opened = await openStore(agentFolder(), systemClock.now());
  if (!opened.ok) return opened;
  const { store, problem } = opened.value;
  if (problem !== undefined) {
    store.close();
    return { ok: false, problem };
  }
  try {
    const guard = assembleGuard(settings, await allowlistOf(settings, [], new ResolvedNames()), 100_000);
    const restored = restoreGuard(guard, store, systemClock.now());
    if (!restored.ok) return restored;
    return obey(command, new StoreHands({ store, guard, clock: systemClock })) as Result<Done>;
  } finally {
    store.close();
  }
}
