/**
 * Asks one server, a connection a question: by a hello of our own, or by a whole handshake of OpenSSL's.
 *
 * It owns what all questions share: the pace, the deadline, the retries. A server that turns us away is
 * asked again until it answers or time is up, and then the answer is unknown; only an alert, or hanging
 * up twice on the same hello, counts as a refusal.
 */
import type { Clock } from '../../host/clock.ts';
import type { Endpoint } from '../../host/connect-socket.ts';
import type { FullHandshake, HandshakeDone, HandshakeRequest } from '../../host/full-handshake.ts';
import { randomBytes } from '../../host/random-bytes.ts';
import type { Wire } from '../../host/wire.ts';
import type { DialogueState } from '../dialogue.ts';
import { encodeOffer, type Offer } from '../hello/offer.ts';
import { emptyFlight, readFlight, type ServerFlight } from '../hello/server-flight.ts';
import { Gate, type Wanted } from './gate.ts';
import { type Known, known, unknown } from './known.ts';
import { type Observation, observe, observeHandshake } from './observation.ts';
import type { PaceSettings, VisitEnd } from './pace.ts';
import { beginAgain, reach } from './reach.ts';

export interface ProberOptions {
  readonly endpoint: Endpoint;
  readonly implicit: boolean;
  readonly helo: string;
  /** Sent as server name; undefined for an address. */
  readonly name: string | undefined;
  readonly pace: PaceSettings;
  readonly timeoutMs: number;
  /** When all has to be done. */
  readonly limitMs: number;
  readonly clock: Clock;
  /** Aborted when time is up. */
  readonly deadline: AbortSignal;
}

export interface Visit {
  readonly wire: Wire;
  readonly state: DialogueState;
  readonly timeoutMs: number;
  /** Handshakes that were made on this connection before. */
  readonly earlier: number;
}

/** A connection in clear, between two visits; `state` where TLS is about to begin on it already. */
interface KeptConnection {
  readonly wire: Wire;
  readonly earlier: number;
  readonly state?: DialogueState;
}

/**
 * Handshakes on one connection: Exim ends a session after ten commands that carry no mail
 * (`smtp_accept_max_nonmail`), and takes each STARTTLS but the first for one.
 */
const mostHandshakes = 10;

/** What became of a hello: the server agreed (or asked for a group), or it refused. */
export type HelloAnswer =
  | { readonly type: 'agreed'; readonly flight: ServerFlight }
  | { readonly type: 'refused'; readonly evidence: string; readonly flight: ServerFlight };

export type HandshakeAnswer =
  | { readonly type: 'agreed'; readonly made: HandshakeDone }
  | { readonly type: 'refused'; readonly evidence: string }
  /** OpenSSL could not take part; the server may well have agreed. */
  | { readonly type: 'unable'; readonly words: string };

export class Prober {
  readonly options: ProberOptions;
  readonly gate: Gate<KeptConnection>;
  /** What every handshake so far has shown, in passing. */
  readonly seen: Observation[] = [];
  /** The server has left a farewell unanswered. */
  #curt = false;

  constructor(options: ProberOptions) {
    this.options = options;
    this.gate = new Gate({
      pace: options.pace,
      clock: options.clock,
      deadline: options.deadline,
      end: async ({ wire }) => {
        wire.send('QUIT\r\n');
        // In clear Exim keeps its answer, and the slot, for 200 ms, unless it sees that we close (`smtp_quit_handler`).
        wire.end();
        await wire.receive(Math.min(options.timeoutMs, patienceMs));
        wire.close();
      },
    });
  }

  /** Takes leave of the server wherever a connection is still open. */
  async close(): Promise<void> {
    await this.gate.close();
  }

  /** Keeps a connection on which TLS is about to begin, for the first handshake. */
  keepReady(wire: Wire, state: DialogueState): void {
    this.gate.keep({ wire, state, earlier: 0 });
  }

  /** Runs `work` on a connection where TLS is about to begin, and tells how that ended. */
  async visit<T>(
    work: (visit: Visit) => Promise<{ value: T; end: VisitEnd | 'kept' }>,
    wanted: Wanted = 'new',
  ): Promise<Known<T>> {
    let words = 'time is up';
    for (let failures = 0; failures < 3; ) {
      const entry = await this.gate.enter(wanted);
      if (entry === undefined) return unknown(words);
      let end: VisitEnd | 'kept' = 'busy';
      let earlier = entry.kept?.earlier ?? 0;
      let open: Wire | undefined;
      try {
        const reached =
          entry.kept === undefined ? await reach(this.options) : await this.#readyAgain(entry.kept);
        if (reached.type === 'ready') {
          const { wire, state } = reached;
          open = wire;
          const close = (): void => {
            wire.close();
          };
          this.options.deadline.addEventListener('abort', close);
          try {
            const done = await work({ wire, state, timeoutMs: this.options.timeoutMs, earlier });
            end = done.end;
            if (end !== 'busy') return known(done.value);
          } finally {
            this.options.deadline.removeEventListener('abort', close);
          }
        } else if (reached.type === 'over') {
          end = 'clean';
        } else {
          words = reached.words;
          // A connection that fails is as good a sign of being turned away as 421 is; but not for ever.
          if (reached.type !== 'busy') failures += 1;
          if (reached.type === 'no-tls') end = 'clean';
        }
      } finally {
        earlier += 1;
        if (end === 'kept' && open !== undefined) this.gate.keep({ wire: open, earlier });
        else {
          open?.close();
          this.gate.leave(end === 'kept' ? 'clean' : end, wanted);
        }
      }
    }
    return unknown(words);
  }

  /** A kept connection may have come to its end meanwhile; that says nothing about the server. */
  async #readyAgain({
    wire,
    state,
  }: KeptConnection): Promise<{ type: 'ready'; wire: Wire; state: DialogueState } | { type: 'over' }> {
    const ready = state ?? (await beginAgain(wire, this.options));
    if (ready !== undefined) return { type: 'ready', wire, state: ready };
    wire.close();
    return { type: 'over' };
  }

  /** A hello of our own. `wanted` says when enough has been read; usually a hello, a retry or an alert. */
  async ask(offer: Offer, enough: (flight: ServerFlight) => boolean = isAnswer): Promise<Known<HelloAnswer>> {
    for (let hangUps = 0; ; ) {
      const answer = await this.visit(async (visit) => {
        visit.wire.send(encodeOffer({ ...this.named(), ...offer }, randomBytes(32)));
        const value = await readAnswer(visit, emptyFlight, enough);
        return { value, end: 'broken-off' };
      });
      if (!answer.known) return answer;
      const { flight, ended } = answer.value;
      this.remember(flight);
      if (flight.hello !== undefined || flight.retry !== undefined) return known({ type: 'agreed', flight });
      if (flight.alert !== undefined) {
        return known({ type: 'refused', evidence: `alert ${flight.alert.name}`, flight });
      }
      if (flight.broken !== undefined) return unknown(`what came was ${flight.broken}`);
      if (ended === 'silent') return unknown('the server does not answer the hello');
      if (this.options.deadline.aborted) return unknown('time is up');
      hangUps += 1;
      if (hangUps === 2) return known({ type: 'refused', evidence: 'the server hangs up', flight });
    }
  }

  /**
   * A whole handshake, `then` something under TLS. `wanted`: `new` where a refusal is likely, because a refusal
   * counts on a connection of its own alone.
   */
  async handshake<T = undefined>(
    request: Omit<HandshakeRequest, 'name'>,
    then?: (made: HandshakeDone, visit: Visit) => Promise<T>,
    wanted: Wanted = 'any',
  ): Promise<Known<HandshakeAnswer & { after?: T }>> {
    let wants = wanted;
    for (let hangUps = 0; ; ) {
      const answer = await this.visit<{ made: FullHandshake; after?: T; earlier: number }>(async (visit) => {
        const { wire, timeoutMs, earlier } = visit;
        const made = await wire.secure({ ...this.named(), ...request }, timeoutMs);
        if (!made.done) return { value: { made, earlier }, end: 'broken-off' };
        this.#note(observeHandshake(made));
        if (then !== undefined) {
          return { value: { made, earlier, after: await then(made, visit) }, end: 'clean' };
        }
        if (this.gate.keeps && wants === 'any' && earlier + 1 < mostHandshakes) {
          await wire.clear();
          return { value: { made, earlier }, end: 'kept' };
        }
        await this.#farewell(wire);
        return { value: { made, earlier }, end: 'clean' };
      }, wants);
      if (!answer.known) return answer;
      const { made, after, earlier } = answer.value;
      if (made.done) return known({ type: 'agreed', made, ...(after === undefined ? {} : { after }) });
      if (made.by === 'ours') return known({ type: 'unable', words: made.words });
      if (this.options.deadline.aborted) return unknown('time is up');
      // Not the first handshake on its connection: whatever went wrong, it may be about that.
      if (earlier > 0) {
        wants = 'new';
        continue;
      }
      if (made.by === 'alert') return known({ type: 'refused', evidence: made.words });
      if (made.by === 'silence') return unknown('the server does not answer the hello');
      hangUps += 1;
      if (hangUps === 2) return known({ type: 'refused', evidence: 'the server hangs up' });
    }
  }

  /** Taken leave of in order: a line less in the server's log. One that does not answer is not waited for again. */
  async #farewell(wire: Wire): Promise<void> {
    wire.send('QUIT\r\n');
    if (this.#curt || this.options.deadline.aborted) return;
    const answer = await wire.receive(Math.min(this.options.timeoutMs, patienceMs));
    if (answer.type === 'silent') this.#curt = true;
  }

  /** For whoever has asked on a visit of its own. */
  remember(flight: ServerFlight): void {
    this.#note(observe(flight));
  }

  #note(observation: Observation | undefined): void {
    if (observation !== undefined) this.seen.push(observation);
  }

  named(): { name?: string } {
    return this.options.name === undefined ? {} : { name: this.options.name };
  }
}

/** How long a farewell is waited for, in milliseconds. */
const patienceMs = 1000;

export interface AnswerRead {
  readonly flight: ServerFlight;
  readonly ended: 'enough' | 'closed' | 'reset' | 'silent';
}

/** Reads on from `before` until there is enough, or nothing more comes. */
export async function readAnswer(
  { wire, timeoutMs }: Pick<Visit, 'wire' | 'timeoutMs'>,
  before: ServerFlight,
  enough: (flight: ServerFlight) => boolean,
): Promise<AnswerRead> {
  let flight = before;
  while (!enough(flight) && flight.broken === undefined) {
    const received = await wire.receive(timeoutMs);
    if (received.type !== 'bytes') return { flight, ended: received.type };
    flight = readFlight(flight, received.bytes);
  }
  return { flight, ended: 'enough' };
}

function isAnswer({ hello, retry, alert }: ServerFlight): boolean {
  return hello !== undefined || retry !== undefined || alert?.fatal === true;
}

/** All that a server of TLS 1.2 or earlier says before it waits. */
export function isWhole({ done, retry, alert, hello }: ServerFlight): boolean {
  return done || retry !== undefined || alert?.fatal === true || hello?.version === 0x0304;
}
