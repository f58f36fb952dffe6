/** Runs a dialogue (`dialogue.ts`) over a connection, to its end or the first failure. */
import { fail, type Failed, ok, type Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import type { Connection, Handshake } from '../host/connection.ts';
import type { TlsRequest, TlsSession } from '../host/tls-session.ts';
import {
  advance,
  beginDialogue,
  type DialogueEvent,
  type DialogueFacts,
  type DialogueRequest,
  type TranscriptLine,
} from './dialogue.ts';

export interface Conversation {
  readonly facts: DialogueFacts;
  /** Undefined where the dialogue never got to a handshake. */
  readonly handshake: Handshake | undefined;
}

export interface ConverseOptions {
  readonly dialogue: DialogueRequest;
  readonly tls: TlsRequest;
  readonly clock: Clock;
  /** Each line as it is said, and the handshake as it ends. */
  readonly show?: (line: TranscriptLine) => void;
  readonly handshaken?: (handshake: Handshake) => void;
  /** The server has agreed to a handshake, which comes next. */
  readonly securing?: () => void;
  /** How long the whole may take; a minute without it. */
  readonly longestMs?: number;
  /** Whether to go on after this handshake; always, without it. */
  readonly trusts?: (session: TlsSession) => boolean;
}

/** A peer that answers each wait in time, but a byte at a time, must end as well. */
const aMinuteMs = 60_000;

export async function converse(
  connection: Connection,
  options: ConverseOptions,
): Promise<Result<Conversation>> {
  const longestMs = options.longestMs ?? aMinuteMs;
  const until = options.clock.now() + longestMs;
  let handshake: Handshake | undefined;
  let [state, commands] = beginDialogue(options.dialogue);
  for (;;) {
    let event: DialogueEvent | undefined;
    for (const command of commands) {
      switch (command.type) {
        case 'show':
          options.show?.(command.line);
          break;
        case 'send':
          connection.send(command.text);
          break;
        case 'secure':
          options.securing?.();
          handshake = await connection.secure(options.tls);
          options.handshaken?.(handshake);
          if (!handshake.done || options.trusts?.(handshake.session) === false) {
            return ok({ facts: state.facts, handshake });
          }
          event = { type: 'secured' };
          break;
        case 'close':
          return ok({ facts: state.facts, handshake });
      }
    }
    if (event === undefined) {
      if (options.clock.now() > until) return tooSlow(connection, longestMs);
      const received = await connection.receive();
      if (!received.ok) return received;
      event = received.value === undefined ? { type: 'closed' } : { type: 'received', text: received.value };
    }
    [state, commands] = advance(state, event);
  }
}

function tooSlow(connection: Connection, longestMs: number): Failed {
  const seconds = longestMs / 1000;
  return fail(
    'timeout',
    `cannot finish with ${connection.peer}: needs to be done within ${seconds} s: it is not`,
  );
}
