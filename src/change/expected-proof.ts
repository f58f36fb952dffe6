/** The proofs that a change can ask for, by name: `NAME` or `NAME:PORT`. */
import { fail, ok, type Result } from '../base/result.ts';
import { connect } from '../host/connection.ts';
import { greet } from '../exim/greeting.ts';
import type { Proof } from './change.ts';

const timeoutMs = 3000;

const proofs: Readonly<Record<string, (port: number) => Proof>> = {
  listens: (port) => ({
    claim: `port ${port} greets`,
    prove: async () => {
      const greeted = await greet('127.0.0.1', port, { implicitTls: port === 465, timeoutMs });
      return greeted.ok ? ok(greeted.value.banner) : greeted;
    },
  }),
  starttls: (port) => ({
    claim: `STARTTLS on port ${port} works`,
    prove: async () => {
      const greeted = await greet('127.0.0.1', port, { implicitTls: false, timeoutMs });
      if (!greeted.ok) return greeted;
      const { startTls, tls } = greeted.value;
      if (startTls === 'works') return ok(tls);
      const current = startTls === 'absent' ? 'it is not offered' : `it is offered, then: ${tls}`;
      return fail('no', `cannot encrypt port ${port}: STARTTLS must work: ${current}`);
    },
  }),
  closed: (port) => ({
    claim: `nobody listens on port ${port}`,
    port,
    closes: true,
    prove: async () => {
      const connected = await connect({ host: '127.0.0.1', port }, timeoutMs);
      if (!connected.ok) return ok(connected.problem.message);
      connected.value.close();
      return fail('no', `cannot trust port ${port}: it must be closed: somebody listens on it`);
    },
  }),
};

export function expectedProof(text: string): Result<Proof> {
  const [, name = '', port = '25'] = /^([a-z]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const make = proofs[name];
  if (make !== undefined && Number(port) > 0 && Number(port) < 65_536) return ok(make(Number(port)));
  return fail('usage', `cannot expect ${text}: it must be NAME or NAME:PORT: it is not`, {
    hint: `NAME is one of ${Object.keys(proofs).join(', ')}`,
  });
}
