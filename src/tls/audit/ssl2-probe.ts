/** Whether a server speaks SSL 2.0 (RFC 6176), which is also what DROWN (CVE-2016-0800) needs of it. */
import { randomBytes } from '../../host/random-bytes.ts';
import { encodeSsl2Hello, readSsl2Answer, type Ssl2Answer, ssl2Suites } from '../hello/ssl2.ts';
import { joined } from '../hello/write-bytes.ts';
import type { Known } from './known.ts';
import type { Prober } from './prober.ts';

export interface Ssl2Found {
  readonly accepted: boolean;
  readonly suites: readonly string[];
  readonly evidence: string;
}

export async function probeSsl2(prober: Prober): Promise<Known<Ssl2Found>> {
  return await prober.visit<Ssl2Found>(async ({ wire, timeoutMs }) => {
    wire.send(encodeSsl2Hello([...ssl2Suites.keys()], randomBytes(16)));
    let bytes: Uint8Array = new Uint8Array(0);
    let answer: Ssl2Answer = { type: 'partial' };
    let ended = 'the server is silent';
    while (answer.type === 'partial' && bytes.length < 0x8000) {
      const received = await wire.receive(Math.min(timeoutMs, 2000));
      if (received.type !== 'bytes') {
        if (received.type !== 'silent') ended = 'the server hangs up';
        break;
      }
      bytes = joined([bytes, received.bytes]);
      answer = readSsl2Answer(bytes);
    }
    return { value: found(answer, ended, bytes), end: 'broken-off' };
  });
}

function found(answer: Ssl2Answer, ended: string, bytes: Uint8Array): Ssl2Found {
  switch (answer.type) {
    case 'hello': {
      const suites = answer.hello.suites.map((code) => ssl2Suites.get(code) ?? `0x${code.toString(16)}`);
      return {
        accepted: true,
        suites,
        evidence: `a SERVER-HELLO of SSL 2.0: ${bytes.subarray(0, 16).toHex()}`,
      };
    }
    case 'error':
      return { accepted: false, suites: [], evidence: `an ERROR of SSL 2.0, code ${answer.code}` };
    case 'other':
      return { accepted: false, suites: [], evidence: `no SSL 2.0: ${bytes.subarray(0, 16).toHex()}` };
    default:
      return { accepted: false, suites: [], evidence: ended };
  }
}
