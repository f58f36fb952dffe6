/**
 * An SMTP session with STARTTLS (RFC 3207), or with TLS from the first byte, as a state machine: from
 * the greeting to QUIT, with a login on the way if one is asked for. It decides; `converse.ts` has the
 * socket.
 *
 * Nothing that arrives in clear after the 220 to STARTTLS is taken for part of the encrypted session:
 * it ends the dialogue (the response injection that RFC 3207, section 4.2 guards against).
 */
import type { Problem } from '../base/problem.ts';
import { fail } from '../base/result.ts';
import { type Login, loginStep, type LoginOutcome, type LoginStep } from './login.ts';
import { type PartialReply, nothingRead, readReplies, type SmtpReply } from '../exim/smtp-reply.ts';

export interface DialogueRequest {
  /** The name to greet with. */
  readonly helo: string;
  /** TLS from the first byte (RFC 8314), as on port 465. */
  readonly implicit: boolean;
  readonly login?: Login;
}

export interface DialogueFacts {
  readonly greeting?: SmtpReply;
  /** A greeting or an EHLO that was answered with anything but success. */
  readonly refused?: SmtpReply;
  /** EHLO keywords in clear, and under TLS: upper-case keyword → parameters. */
  readonly inClear?: Keywords;
  readonly underTls?: Keywords;
  /** The answer to STARTTLS where it was not 220. */
  readonly starttlsRefused?: SmtpReply;
  readonly login?: LoginOutcome;
  /** The peer broke the protocol. */
  readonly broken?: Problem;
}

export type Keywords = ReadonlyMap<string, readonly string[]>;

export type DialogueEvent =
  | { readonly type: 'received'; readonly text: string }
  | { readonly type: 'secured' }
  | { readonly type: 'closed' };

export type DialogueCommand =
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'secure' }
  | { readonly type: 'close' }
  | { readonly type: 'show'; readonly line: TranscriptLine };

export interface TranscriptLine {
  readonly from: 'server' | 'client';
  readonly encrypted: boolean;
  readonly text: string;
}

export interface DialogueState {
  readonly request: DialogueRequest;
  readonly step: 'greeting' | 'ehlo' | 'starttls' | 'handshake' | 'login' | 'quit' | 'over';
  readonly encrypted: boolean;
  readonly partial: PartialReply;
  readonly loginStep?: LoginStep;
  readonly facts: DialogueFacts;
}

type Advanced = readonly [DialogueState, readonly DialogueCommand[]];

export function beginDialogue(request: DialogueRequest): Advanced {
  const state = { request, encrypted: false, partial: nothingRead, facts: {} };
  return request.implicit
    ? [{ ...state, step: 'handshake' }, [{ type: 'secure' }]]
    : [{ ...state, step: 'greeting' }, []];
}

export function advance(state: DialogueState, event: DialogueEvent): Advanced {
  if (state.step === 'over') return [state, []];
  if (event.type === 'received') return receive(state, event.text);
  if (event.type === 'secured') {
    if (state.step !== 'handshake') return [state, []];
    const secured = { ...state, encrypted: true, partial: nothingRead };
    return state.request.implicit ? [{ ...secured, step: 'greeting' }, []] : greet(secured);
  }
  // Some servers hang up on QUIT without a word; that harms nobody.
  return state.step === 'quit' ? over(state, {}) : over(state, { broken: hungUp(state) });
}

function receive(state: DialogueState, text: string): Advanced {
  const read = readReplies(state.partial, text);
  if (!read.ok) return over(state, { broken: read.problem });
  const commands: DialogueCommand[] = [];
  let current: DialogueState = { ...state, partial: read.value.partial };
  for (const reply of read.value.replies) {
    commands.push(...shown(current, reply));
    if (current.step === 'handshake') return injected(current, commands, reply.lines[0] ?? '');
    const [next, more] = onReply(current, reply);
    commands.push(...more);
    current = next;
    if (current.step === 'over') break;
  }
  const { partial } = current;
  const pending = partial.lines[0] ?? partial.text;
  if (current.step === 'handshake' && pending !== '') return injected(current, commands, pending);
  return [current, commands];
}

function onReply(state: DialogueState, reply: SmtpReply): Advanced {
  switch (state.step) {
    case 'greeting':
      return reply.code === 220
        ? greet(withFacts(state, { greeting: reply }))
        : quit(withFacts(state, { greeting: reply, refused: reply }));
    case 'ehlo':
      if (reply.code !== 250) return quit(withFacts(state, { refused: reply }));
      return state.encrypted
        ? logIn(withFacts(state, { underTls: keywords(reply) }))
        : startTls(withFacts(state, { inClear: keywords(reply) }));
    case 'starttls':
      return reply.code === 220
        ? [{ ...state, step: 'handshake' }, [{ type: 'secure' }]]
        : quit(withFacts(state, { starttlsRefused: reply }));
    case 'login':
      return logIn(state, reply);
    default:
      return over(state, {});
  }
}

function greet(state: DialogueState): Advanced {
  return say({ ...state, step: 'ehlo' }, `EHLO ${state.request.helo}`);
}

function startTls(state: DialogueState): Advanced {
  return state.facts.inClear?.has('STARTTLS') === true
    ? say({ ...state, step: 'starttls' }, 'STARTTLS')
    : quit(state);
}

function logIn(state: DialogueState, reply?: SmtpReply): Advanced {
  const { login } = state.request;
  if (login === undefined) return quit(state);
  const offered = state.facts.underTls?.get('AUTH') ?? [];
  const next = loginStep(login, offered, state.loginStep, reply);
  if (next.done) return quit(withFacts(state, { login: next.outcome }));
  return say({ ...state, step: 'login', loginStep: next.step }, next.command, next.shown);
}

function quit(state: DialogueState): Advanced {
  // After a 421 the server hangs up by itself (RFC 5321, section 3.8).
  return state.facts.refused?.code === 421 ? over(state, {}) : say({ ...state, step: 'quit' }, 'QUIT');
}

function over(state: DialogueState, facts: DialogueFacts, commands: DialogueCommand[] = []): Advanced {
  return [{ ...withFacts(state, facts), step: 'over' }, [...commands, { type: 'close' }]];
}

function injected(state: DialogueState, commands: DialogueCommand[], text: string): Advanced {
  const { problem } = fail(
    'no',
    `cannot start TLS: nothing may follow the 220 to STARTTLS in clear: ${JSON.stringify(text.slice(0, 80))}`,
    { hint: 'someone on the way, or the server itself, injects answers into the encrypted session' },
  );
  // The handshake that was about to start is dropped with the rest.
  const harmless = commands.filter(({ type }) => type === 'show');
  return over(state, { broken: problem }, harmless);
}

function hungUp(state: DialogueState): Problem {
  const waitedFor = { greeting: 'a greeting', ehlo: 'an answer to EHLO', starttls: 'an answer to STARTTLS' };
  const wanted = Object.entries(waitedFor).find(([step]) => step === state.step)?.[1] ?? 'an answer';
  return fail('no', `cannot go on with the SMTP session: needs ${wanted}: the server hung up`).problem;
}

function say(state: DialogueState, text: string, visible = text): Advanced {
  const line: TranscriptLine = { from: 'client', encrypted: state.encrypted, text: visible };
  return [
    state,
    [
      { type: 'show', line },
      { type: 'send', text: `${text}\r\n` },
    ],
  ];
}

function shown(state: DialogueState, reply: SmtpReply): DialogueCommand[] {
  return reply.lines.map((text, index) => {
    const separator = index === reply.lines.length - 1 ? ' ' : '-';
    const line: TranscriptLine = {
      from: 'server',
      encrypted: state.encrypted,
      text: `${reply.code}${separator}${text}`,
    };
    return { type: 'show', line };
  });
}

function withFacts(state: DialogueState, facts: DialogueFacts): DialogueState {
  return { ...state, facts: { ...state.facts, ...facts } };
}

/** The first line of an EHLO reply is a greeting; each other one is a keyword with parameters. */
function keywords(reply: SmtpReply): Keywords {
  return new Map(
    reply.lines.slice(1).map((line) => {
      const [keyword = '', ...parameters] = line.trim().split(/\s+/);
      return [keyword.toUpperCase(), parameters];
    }),
  );
}
