/** Each port's last live test, its certificate and what to mend; and how much of the mail was encrypted. */
import type { JSX } from 'preact';
import type { CertificateReport, Encryption, PortReport } from '../../server/api/encryption.ts';
import type { Series } from '../../server/api/guard.ts';
import { useAsked } from '../asked.ts';
import { moment, span } from '../moment.ts';
import { Chart, type Line } from '../parts/chart.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';

const lines: readonly Line[] = [
  { label: 'received', of: (name) => name === 'mail accepted', colour: '--muted' },
  { label: 'of it encrypted', of: (name) => name === 'mail encrypted', colour: '--good' },
  { label: 'sent', of: (name) => name === 'mail sent', colour: '--warning' },
  { label: 'of it encrypted', of: (name) => name === 'mail sent encrypted', colour: '--calm' },
];

const marks = { good: 'ok', warning: 'warn', bad: 'BAD' } as const;

export function EncryptionPage(): JSX.Element {
  const { answer, problem } = useAsked<Encryption>('/api/encryption', 15_000);
  const traffic = useAsked<Series>('/api/guard/series?minutes=1440&points=288', 30_000);
  return (
    <>
      <h1 tabIndex={-1}>Encryption</h1>
      <Trouble problem={problem} />
      {answer?.ports.length === 0 ? <p class="quiet">No live test has ended yet.</p> : null}
      {answer?.ports.map((port) => (
        <Port key={port.port} port={port} />
      ))}
      <section aria-labelledby="share">
        <h2 id="share">Mail of the last day</h2>
        <Trouble problem={traffic.problem} />
        {traffic.answer === undefined ? null : (
          <Chart label="Mail of the last day, encrypted and in clear" series={traffic.answer} lines={lines} />
        )}
      </section>
    </>
  );
}

function Port({
  port: { port, implicit, at, sound, version, cipher, group, certificate, findings, transcript },
}: {
  readonly port: PortReport;
}): JSX.Element {
  return (
    <article class={`port ${sound ? 'good' : 'bad'}`} data-port={port}>
      <header>
        <h2>
          Port {port} <small>{implicit ? 'TLS from the first byte' : 'STARTTLS'}</small>
        </h2>
        <p>
          <strong>{sound ? 'Encryption is sound.' : 'Encryption is not sound.'}</strong> Tested {moment(at)}.{' '}
          {version === undefined ? null : (
            <span class="session">
              <Text of={[version, cipher, group].filter((each) => each !== undefined).join(', ')} />
            </span>
          )}
        </p>
      </header>
      {certificate === undefined ? null : <Certificate of={certificate} at={at} />}
      <ul class="findings">
        {findings.map(({ grade, text, fix }, place) => (
          <li key={place} class={grade}>
            <span class="tag">{marks[grade]}</span> <Text of={text} />
            {fix === undefined ? null : (
              <small class="hint">
                <code>
                  <Text of={fix} />
                </code>
              </small>
            )}
          </li>
        ))}
      </ul>
      {transcript.length === 0 ? null : (
        <details>
          <summary>The conversation</summary>
          <pre>
            {transcript.map((line, place) => (
              <div key={place}>
                <Text of={line} />
              </div>
            ))}
          </pre>
        </details>
      )}
    </article>
  );
}

function Certificate({
  of: { subject, issuer, names, notBefore, notAfter, key, fingerprint },
  at,
}: {
  readonly of: CertificateReport;
  readonly at: number;
}): JSX.Element {
  const life = Math.max(1, notAfter - notBefore);
  const left = Math.max(0, notAfter - at);
  const said = notAfter > at ? `${span(left)} left` : 'expired';
  return (
    <dl class="certificate">
      <dt>Certificate</dt>
      <dd>
        <Text of={subject || '(no subject)'} />, by <Text of={issuer} />
      </dd>
      <dt>Names</dt>
      <dd>
        <Text of={names.join(', ') || 'none'} />
      </dd>
      <dt>Valid</dt>
      <dd>
        until {moment(notAfter)}: {said}
        <progress aria-label={`certificate of which is ${said}`} value={left} max={life} />
      </dd>
      <dt>Key</dt>
      <dd>
        <Text of={key} /> <code class="fingerprint">{fingerprint}</code>
      </dd>
    </dl>
  );
}
