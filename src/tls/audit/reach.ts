/**
 * Opens a connection and talks SMTP (`dialogue.ts`) up to the point where TLS begins, and, once it has
 * begun, on to the second EHLO. What turns a client away for the moment is told from what says no.
 */
import type { Endpoint } from '../../host/connect-socket.ts';
import { openWire, type Wire } from '../../host/wire.ts';
import {
  advance,
  beginDialogue,
  type DialogueCommand,
  type DialogueEvent,
  type DialogueFacts,
  type DialogueState,
} from '../dialogue.ts';

export interface ReachRequest {
  readonly endpoint: Endpoint;
  readonly implicit: boolean;
  readonly helo: string;
  readonly timeoutMs: number;
}

export type Reached =
  /** The next byte is TLS. */
  | { readonly type: 'ready'; readonly wire: Wire; readonly state: DialogueState }
  /** Turned away for now; it says nothing about the server's encryption. */
  | { readonly type: 'busy'; readonly words: string }
  /** A server that answers, and will not start TLS. */
  | {
      readonly type: 'no-tls';
      readonly address: string;
      readonly words: string;
      readonly facts: DialogueFacts;
    }
  /** Nothing was learned. */
  | {
      readonly type: 'failed';
      readonly address?: string;
      readonly words: string;
      readonly facts?: DialogueFacts;
    };

export async function reach(request: ReachRequest): Promise<Reached> {
  const opened = await openWire(request.endpoint, request.timeoutMs);
  if (!opened.ok) return { type: 'failed', words: opened.problem.message };
  const wire = opened.value;
  const begun = beginDialogue({ helo: request.helo, implicit: request.implicit });
  const talked = await talk(wire, begun, request.timeoutMs);
  if (talked.secure) return { type: 'ready', wire, state: talked.state };
  wire.close();
  return without(talked, wire.address);
}

interface Talked {
  readonly state: DialogueState;
  /** The dialogue has come to the handshake. */
  readonly secure: boolean;
  readonly silent: boolean;
}

/** Goes on after the handshake, to the answer to the second EHLO. */
export async function greetAgain(
  wire: Wire,
  state: DialogueState,
  timeoutMs: number,
): Promise<DialogueState> {
  const talked = await talk(wire, advance(state, { type: 'secured' }), timeoutMs, true);
  return talked.state;
}

/** On a connection that is in clear again: to the point where TLS begins; undefined where it does not come to that. */
export async function beginAgain(
  wire: Wire,
  { helo, timeoutMs }: Pick<ReachRequest, 'helo' | 'timeoutMs'>,
): Promise<DialogueState | undefined> {
  // The greeting was read when the connection was new.
  const [state] = beginDialogue({ helo, implicit: false });
  const talked = await talk(wire, advance(state, { type: 'received', text: '220 again\r\n' }), timeoutMs);
  return talked.secure ? talked.state : undefined;
}

async function talk(
  wire: Wire,
  begun: readonly [DialogueState, readonly DialogueCommand[]],
  timeoutMs: number,
  untilQuit = false,
): Promise<Talked> {
  const decoder = new TextDecoder();
  let [state, commands] = begun;
  for (;;) {
    // Whoever called wants to go on with the session, so it is not ended here.
    if (untilQuit && state.step === 'quit') return { state, secure: false, silent: false };
    for (const command of commands) {
      if (command.type === 'send') wire.send(command.text);
      if (command.type === 'secure') return { state, secure: true, silent: false };
      if (command.type === 'close') return { state, secure: false, silent: false };
    }
    const received = await wire.receive(timeoutMs);
    if (received.type === 'silent') return { state, secure: false, silent: true };
    const event: DialogueEvent =
      received.type === 'bytes'
        ? { type: 'received', text: decoder.decode(received.bytes, { stream: true }) }
        : { type: 'closed' };
    [state, commands] = advance(state, event);
  }
}

function without({ state, silent }: Talked, address: string): Reached {
  const { facts } = state;
  if (silent) {
    const what = state.step === 'greeting' ? 'says nothing' : 'stops answering';
    return { type: 'failed', address, words: `the server accepts the connection and ${what}`, facts };
  }
  const refused = facts.refused ?? facts.starttlsRefused;
  if (facts.refused !== undefined && (refused?.code ?? 0) < 500) {
    return { type: 'busy', words: said(facts.refused) };
  }
  // Hung up on before its greeting: a full server or a firewall does that.
  if (facts.broken !== undefined && facts.greeting === undefined && /hung up/.test(facts.broken.message)) {
    return { type: 'busy', words: 'the server hangs up before its greeting' };
  }
  if (facts.broken !== undefined) return { type: 'failed', address, words: facts.broken.message, facts };
  if (facts.starttlsRefused !== undefined)
    return { type: 'no-tls', address, words: said(facts.starttlsRefused), facts };
  if (facts.refused !== undefined) return { type: 'no-tls', address, words: said(facts.refused), facts };
  return { type: 'no-tls', address, words: 'STARTTLS is not offered', facts };
}

function said({ code, lines }: { code: number; lines: readonly string[] }): string {
  return `${code} ${lines.join(' ')}`;
}
