/** The histories and the waiting changes, for the page: asked from the keeper, which alone may read them. */
import { z } from 'zod';
import { ok, type Result } from '../base/result.ts';
import { askKeeper } from '../keeper/ask-keeper.ts';
import type { KeeperCommand } from '../keeper/keeper-command.ts';
import { folderShape, recordShape, recordTextShape } from '../server/api/history.ts';
import type { HistoryHands } from '../server/sources.ts';
import { describedShape } from './known-changes.ts';

/** Whoever undoes from afar may cut off the mail: it comes back by itself unless it is kept. */
const undoWaitsMs = 600_000;

export function keeperHistory(socket: string): HistoryHands {
  const ask = async <Done>(command: KeeperCommand, shape: z.ZodType<Done>): Promise<Result<Done>> =>
    await askKeeper(socket, command, shape, () => undefined);
  const listShape = z.object({ changes: z.array(describedShape), folders: z.array(z.string()) });
  return {
    folders: async () => await ask({ do: 'folders' }, z.array(folderShape)),
    changes: async () => {
      const listed = await ask({ do: 'list' }, listShape);
      return listed.ok ? ok(listed.value.changes) : listed;
    },
    records: async ({ folder, limit }) => await ask({ do: 'log', folder, limit }, z.array(recordShape)),
    record: async ({ folder, commit }) => await ask({ do: 'show', folder, commit }, recordTextShape),
    why: async ({ folder, path, line }) =>
      await ask({ do: 'why', folder, path, ...(line === undefined ? {} : { line }) }, z.array(recordShape)),
    explain: async (order, person) => {
      const explained = await ask({ do: 'explain', ...order, person }, z.object({ commit: z.string() }));
      return explained.ok ? ok(`explained ${explained.value.commit.slice(0, 12)}`) : explained;
    },
    undo: async ({ folder, commit }, person) => {
      const order = { do: 'undo', folder, commit, confirmWithinMs: undoWaitsMs, person } as const;
      const undone = await ask(order, z.object({ commit: z.string() }));
      return undone.ok ? ok(`undone by ${undone.value.commit.slice(0, 12)}`) : undone;
    },
    settle: async (what, id, person) => {
      const settled = await ask({ do: what, id, person }, describedShape);
      if (!settled.ok) return settled;
      const { reason } = settled.value;
      return ok(what === 'confirm' ? `kept: ${reason}` : `taken back: ${reason}`);
    },
  };
}
