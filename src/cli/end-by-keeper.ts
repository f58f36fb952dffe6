/** Ends Exim's processes through the keeper, which alone may. */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import type { EndServers } from '../guard/end-connections.ts';
import type { TcpSocket } from '../host/tcp-sockets.ts';
import { keeperSocket } from './keeper-socket.ts';

/** Bans wait for it. It takes milliseconds; a keeper that is silent must not hold the guard up. */
const patienceMs = 1000;
/** After one that was in vain. */
const restMs = 30_000;

/** Asks at most once in a while where nobody answers. `now`: milliseconds. */
export function endByKeeper(socket: string = keeperSocket(), now: () => number = Date.now): EndServers {
  let notBefore = 0;
  return async (connections) => {
    if (now() < notBefore) return fail('unavailable', 'cannot end a connection: the keeper does not answer');
    const ended = await askToEnd(socket, connections);
    if (!ended.ok) notBefore = now() + restMs;
    return ended;
  };
}

async function askToEnd(socket: string, connections: readonly TcpSocket[]): Promise<Result<void>> {
  // Seldom needed: not loaded when the agent starts, whose bans come first.
  const { askKeeper } = await import('../keeper/ask-keeper.ts');
  const { mostSessions } = await import('../keeper/keeper-command.ts');
  const sessions = connections.map(({ peer, peerPort, localPort }) => ({ peer, peerPort, localPort }));
  for (let at = 0; at < sessions.length; at += mostSessions) {
    const some = sessions.slice(at, at + mostSessions);
    const order = { do: 'end', sessions: some } as const;
    const asked = await askKeeper(socket, order, z.int(), () => undefined, patienceMs);
    if (!asked.ok) return asked;
  }
  return ok();
}
