/**
 * The agent's socket for commands: below its own folder, for its group and root. It takes a closed set of
 * commands; a client that is slow, too large or one too many is let go.
 */
import { type Result } from '../base/result.ts';
import { groupId, userId } from '../host/identity.ts';
import { openUnixServer, type UnixServer } from '../host/unix-server.ts';
import { commandCap, obeyLine } from './control-command.ts';
import type { GuardHands } from './guard-hands.ts';

const mostClients = 16;
const lineTimeoutMs = 10_000;

export async function openControlSocket(path: string, hands: GuardHands): Promise<Result<UnixServer>> {
  return await openUnixServer({
    path,
    uid: userId(),
    gid: groupId(),
    longestLine: commandCap,
    lineTimeoutMs,
    mostClients,
    refuse: (why) => frame({ problem: { kind: 'usage', message: `cannot serve you: ${why}` } }),
    serve: async (line, answer) => {
      const outcome = obeyLine(line, hands);
      answer(frame(outcome.ok ? { done: outcome.value } : { problem: outcome.problem }));
      await Promise.resolve();
    },
  });
}

function frame(answer: unknown): string {
  return `${JSON.stringify(answer)}\n`;
}
