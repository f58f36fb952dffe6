/**
 * The first connection: who is there, what it says in clear and under TLS, and whether TLS works at all.
 * All the rest stands on it; where it fails, it says why.
 */
import type { HandshakeDone } from '../../host/full-handshake.ts';
import type { SmtpReply } from '../../exim/smtp-reply.ts';
import type { DialogueFacts } from '../dialogue.ts';
import { suiteCandidates } from './suite-candidates.ts';
import { classicGroups, opensslVersion } from './find-suites.ts';
import { type Observation, observeHandshake } from './observation.ts';
import { greetAgain, reach, type Reached } from './reach.ts';
import type { Prober, Visit } from './prober.ts';
import { askReplies } from './ask-replies.ts';
import type { OpensslVersion } from './unseen-first.ts';

export interface FirstLook {
  readonly address: string;
  readonly facts: DialogueFacts;
  /** By command: VRFY, EXPN; under TLS where there is TLS. */
  readonly answers: Readonly<Record<string, SmtpReply>>;
  readonly observation: Observation | undefined;
  /** Whether a whole handshake has succeeded. */
  readonly tls: boolean;
}

export type Looked =
  | { readonly type: 'looked'; readonly look: FirstLook }
  /** There is a mail server, but no TLS. */
  | {
      readonly type: 'no-tls';
      readonly address: string;
      readonly words: string;
      readonly facts: DialogueFacts;
    }
  | { readonly type: 'nothing'; readonly words: string };

const versions: readonly OpensslVersion[] = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0'];

export async function firstLook(prober: Prober): Promise<Looked> {
  // Patience for a server that is full; but a port that says nothing is said to be so at once.
  const { clock, deadline, limitMs } = prober.options;
  const until = clock.now() + limitMs / 2;
  let reached: Reached = { type: 'failed', words: 'time is up' };
  for (let pauseMs = 100; clock.now() < until; pauseMs = Math.min(2000, pauseMs * 2)) {
    if ((await prober.gate.enter('any')) === undefined) break;
    reached = await reach(prober.options);
    if (reached.type === 'ready') {
      // The first handshake goes on with this connection.
      prober.keepReady(reached.wire, reached.state);
      break;
    }
    prober.gate.leave('clean', 'any');
    if (reached.type !== 'busy') break;
    await clock.sleep(pauseMs, deadline);
  }
  if (reached.type === 'no-tls') return reached;
  if (reached.type === 'failed' && reached.facts?.greeting !== undefined) {
    // Something was learned: who is there, and where it went wrong.
    const { address = '', words, facts } = reached;
    return { type: 'no-tls', address, words, facts };
  }
  if (reached.type !== 'ready') {
    const words = reached.type === 'busy' ? `the server turns us away: ${reached.words}` : reached.words;
    return { type: 'nothing', words };
  }
  const { facts } = reached.state;
  const { address } = reached.wire;
  for (const version of versions) {
    const answer = await prober.handshake(
      {
        version: opensslVersion(version),
        suites: suiteCandidates(version).flatMap(({ openssl }) => openssl ?? []),
        ...(version === 'TLSv1.3' ? {} : { groups: classicGroups }),
      },
      look,
    );
    if (!answer.known || answer.value.type !== 'agreed' || answer.value.after === undefined) continue;
    const { facts: later, answers, observation } = answer.value.after;
    return { type: 'looked', look: { address, facts: later, answers, observation, tls: true } };
  }
  return { type: 'looked', look: { address, facts, answers: {}, observation: undefined, tls: false } };
}

async function look(
  made: HandshakeDone,
  visit: Visit,
): Promise<Pick<FirstLook, 'facts' | 'answers' | 'observation'>> {
  const state = await greetAgain(visit.wire, visit.state, visit.timeoutMs);
  const answers = await askReplies(visit, ['VRFY postmaster', 'EXPN postmaster', 'QUIT']);
  return { facts: state.facts, answers, observation: observeHandshake(made) };
}
