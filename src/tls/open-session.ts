/**
 * Connects to a mail server and runs one dialogue. A server that is full for the moment (421, RFC 5321
 * section 4.3.2) is asked again a few times: its answer says nothing about its encryption.
 */
import { type Failed, fail, type Result } from '../base/result.ts';
import { connect, type Endpoint } from '../host/connection.ts';
import { prepareTls } from '../host/tls-session.ts';
import { type Conversation, converse, type ConverseOptions } from './converse.ts';

export interface SessionOptions extends ConverseOptions {
  readonly endpoint: Endpoint;
  readonly timeoutMs: number;
  /** What happens beside the dialogue: connected, busy. */
  readonly note?: (text: string) => void;
}

const pausesMs = [250, 500, 1000, 2000];

export async function openSession(options: SessionOptions): Promise<Result<Conversation>> {
  const { endpoint, clock } = options;
  let pauses = [...pausesMs];
  for (;;) {
    const connection = await connect(endpoint, options.timeoutMs);
    if (!connection.ok) return connection;
    options.note?.(`Connected to ${connection.value.peer}.`);
    prepareTls(options.tls);
    const conversation = await converse(connection.value, options);
    connection.value.close();
    if (!conversation.ok) return withHint(conversation, options);
    const { refused } = conversation.value.facts;
    if (refused?.code !== 421) return conversation;
    const [pause, ...rest] = pauses;
    if (pause === undefined) {
      return fail(
        'unavailable',
        `cannot test ${endpoint.host}: needs a free connection: the server says 421 ${refused.lines.join(' ')}`,
        { hint: 'its limits are smtp_accept_max and smtp_accept_max_per_host; try again later' },
      );
    }
    options.note?.(`The server is busy; asking again in ${pause} ms.`);
    await clock.sleep(pause);
    pauses = rest;
  }
}

/** A server that waits for our TLS looks like one that does not answer. */
function withHint({ problem }: Failed, { dialogue, endpoint }: SessionOptions): Failed {
  const waits = problem.kind === 'timeout' && !dialogue.implicit && endpoint.port === 465;
  const hint = 'port 465 speaks TLS from the first byte: use --implicit';
  return { ok: false, problem: waits ? { ...problem, hint } : problem };
}
