/** Ends Exim's processes through the keeper, which alone may. */
import { z } from 'zod';
import { ok, type Result } from '../base/result.ts';
import type { EndServers } from '../guard/end-connections.ts';
import { keeperSocket } from './keeper-socket.ts';

export const endByKeeper: EndServers = async (connections): Promise<Result<void>> => {
  // Seldom needed: not loaded when the agent starts, whose bans come first.
  const { askKeeper } = await import('../keeper/ask-keeper.ts');
  const { mostSessions } = await import('../keeper/keeper-command.ts');
  const sessions = connections.map(({ peer, peerPort, localPort }) => ({ peer, peerPort, localPort }));
  for (let at = 0; at < sessions.length; at += mostSessions) {
    const some = sessions.slice(at, at + mostSessions);
    const asked = await askKeeper(keeperSocket(), { do: 'end', sessions: some }, z.int(), () => undefined);
    if (!asked.ok) return asked;
  }
  return ok();
};
