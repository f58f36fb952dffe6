/**
 * An SMTP session with STARTTLS (RFC 3207), or with TLS from the first byte, as a state machine: from
 * the greeting to QUIT, with a login and an envelope on the way if they are asked for (never a message), or
 * only as far as it shall go. It decides; `converse.ts` has the socket.
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
  /** Sender and recipient to try under TLS; the empty sender is the null one. */
  readonly envelope?: Envelope;
  /** The last thing to do before QUIT; all that is asked for without it. */
  readonly quitAfter?: StopPoint;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** HELO is the one under TLS; STARTTLS ends with the answer to it, TLS with the handshake. */
export const stopPoints = ['STARTTLS', 'TLS', 'HELO', 'AUTH', 'MAIL', 'RCPT'] as const;
export type StopPoint = (typeof stopPoints)[number];

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
  readonly sender?: SmtpReply;
  readonly recipient?: SmtpReply;
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
  readonly step: 'greeting' | 'ehlo' | 'starttls' | 'handshake' | 'login' | 'mail' | 'rcpt' | 'quit' | 'over';
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
    if (!goesBeyond(state, 'TLS')) return state.request.implicit ? over(secured, {}) : quit(secured);
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
      if (state.encrypted) {
        const greeted = withFacts(state, { underTls: keywords(reply) });
        return goesBeyond(state, 'HELO') ? logIn(greeted) : quit(greeted);
      }
      return startTls(withFacts(state, { inClear: keywords(reply) }));
    case 'starttls':
      if (reply.code !== 220) return quit(withFacts(state, { starttlsRefused: reply }));
      // The server waits for a handshake now, and would not understand QUIT.
      return goesBeyond(state, 'STARTTLS')
        ? [{ ...state, step: 'handshake' }, [{ type: 'secure' }]]
        : over(state, {});
    case 'login':
      return logIn(state, reply);
    case 'mail': {
      const told = withFacts(state, { sender: reply });
      return reply.code < 400 && goesBeyond(state, 'MAIL') ? sayRecipient(told) : quit(told);
    }
    case 'rcpt':
      return quit(withFacts(state, { recipient: reply }));
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
  if (login === undefined) return mail(state);
  const offered = state.facts.underTls?.get('AUTH') ?? [];
  const next = loginStep(login, offered, state.loginStep, reply);
  if (next.done) return mail(withFacts(state, { login: next.outcome }));
  return say({ ...state, step: 'login', loginStep: next.step }, next.command, next.shown);
}

function mail(state: DialogueState): Advanced {
  const { envelope } = state.request;
  if (envelope === undefined || !goesBeyond(state, 'AUTH')) return quit(state);
  return say({ ...state, step: 'mail' }, `MAIL FROM:<${envelope.from}>`);
}

function sayRecipient(state: DialogueState): Advanced {
  return say({ ...state, step: 'rcpt' }, `RCPT TO:<${state.request.envelope?.to ?? ''}>`);
}

function goesBeyond({ request: { quitAfter } }: DialogueState, point: StopPoint): boolean {
  return quitAfter === undefined || stopPoints.indexOf(quitAfter) > stopPoints.indexOf(point);
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
