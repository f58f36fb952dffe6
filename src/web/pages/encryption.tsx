/** Each port's last live test, its certificate and what to mend; and how much of the mail was encrypted. */
import type { JSX } from 'preact';
import type { CertificateReport, Encryption, PortAudit, PortReport } from '../../server/api/encryption.ts';
import type { Series } from '../../server/api/guard.ts';
import { counted } from '../../base/counted.ts';
import { useAsked } from '../asked.ts';
import { moment, span } from '../moment.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Chart, type Line } from '../parts/chart.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';

const lines: readonly Line[] = [
  { label: 'received', of: (name) => name === 'mail accepted', colour: '--muted' },
  { label: 'received encrypted', of: (name) => name === 'mail encrypted', colour: '--good' },
  { label: 'sent', of: (name) => name === 'mail sent', colour: '--warning' },
  { label: 'sent encrypted', of: (name) => name === 'mail sent encrypted', colour: '--calm' },
];

const marks = { good: 'ok', warning: 'warn', bad: 'BAD' } as const;

export function EncryptionPage(): JSX.Element {
  const { answer, problem, again } = useAsked<Encryption>('/api/encryption', 5000);
  const traffic = useAsked<Series>('/api/guard/series?minutes=1440&points=288', 5000);
  return (
    <>
      <h1 tabIndex={-1}>Encryption</h1>
      <Trouble problem={problem} />
      {answer === undefined && problem === undefined ? <p aria-busy="true">Looking…</p> : null}
      {answer?.ports.length === 0 ? <p class="quiet">No live test has ended yet.</p> : null}
      {answer?.ports.map((port) => (
        <Port key={port.port} port={port} />
      ))}
      {answer === undefined ? null : (
        <div class="actions">
          <ActButton
            path="/api/encryption/test"
            body={{}}
            label="Test again"
            about="Test again: all ports"
            look="secondary"
            said="The ports are tested one after the other, within a minute."
            done={again}
          />
        </div>
      )}
      <section aria-labelledby="share">
        <h2 id="share">Mail of the last day</h2>
        <Trouble problem={traffic.problem} />
        {traffic.answer === undefined ? null : (
          <>
            <Shares series={traffic.answer} />
            <Chart
              label="Mail of the last day, encrypted and in clear"
              series={traffic.answer}
              lines={lines}
            />
          </>
        )}
      </section>
      {answer === undefined ? null : <Clear answer={answer} />}
    </>
  );
}

function Port({
  port: { port, implicit, at, sound, version, cipher, group, certificate, findings, transcript, audit },
}: {
  readonly port: PortReport;
}): JSX.Element {
  return (
    <article class={`port ${sound ? 'good' : 'bad'}`} data-port={port}>
      <header>
        <Grade of={audit} />
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
            <Fix of={fix} />
          </li>
        ))}
      </ul>
      {audit === undefined ? null : <Audit of={audit} />}
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

/** What to type against a finding. */
function Fix({ of }: { readonly of: string | undefined }): JSX.Element | null {
  if (of === undefined) return null;
  return (
    <small class="hint">
      <code>
        <Text of={of} />
      </code>
    </small>
  );
}

function Grade({ of }: { readonly of: PortAudit | undefined }): JSX.Element {
  const grade = of?.grade ?? '';
  const look = grade.startsWith('A') ? 'good' : /^[BC]/.test(grade) ? 'warning' : grade === '' ? '' : 'bad';
  return (
    <p class={`grade ${look}`} title={of?.because ?? 'not audited yet'}>
      <span class="out-of-sight">grade </span>
      {grade === '' ? '–' : grade}
      <span class="out-of-sight">{grade === '' ? ' not audited yet' : ''}</span>
    </p>
  );
}

/** Further than a client sees: versions, suites, known flaws; what is no more than information is left out. */
function Audit({ of: { at, grade, because, findings } }: { readonly of: PortAudit }): JSX.Element {
  return (
    <details class="audit">
      <summary>
        Grade {grade}: <Text of={because} />{' '}
        <small>
          {counted(findings.length, 'finding')}, audited {moment(at)}
        </small>
      </summary>
      {findings.length === 0 ? <p class="quiet">Nothing to mend.</p> : null}
      <ul class="findings">
        {findings.map(({ severity, text, fix }, place) => (
          <li key={place} class={severity === 'critical' || severity === 'high' ? 'bad' : 'warning'}>
            <span class="tag">{severity}</span> <Text of={text} />
            <Fix of={fix} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** How much of the mail was encrypted, as a share. */
function Shares({ series: { rows } }: { readonly series: Series }): JSX.Element {
  const sum = (name: string): number => (rows[name] ?? []).reduce((all, count) => all + count, 0);
  const ways = [
    ['Received', sum('mail encrypted'), sum('mail accepted')],
    ['Sent', sum('mail sent encrypted'), sum('mail sent')],
  ] as const;
  return (
    <dl class="shares">
      {ways.map(([way, encrypted, all]) => (
        <div key={way}>
          <dt>{way} encrypted</dt>
          <dd>
            {all === 0 ? (
              <span class="quiet">no mail</span>
            ) : (
              <>
                <strong>{((100 * encrypted) / all).toFixed(1)} %</strong> {encrypted} of {all}
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Clear({ answer: { clear, clearPeers } }: { readonly answer: Encryption }): JSX.Element {
  return (
    <section aria-labelledby="clear">
      <h2 id="clear">
        Peers still in clear <span class="count">{clearPeers}</span>
      </h2>
      {clear.length === 0 ? (
        <p class="quiet">None in thirty days: all mail that came or went over the network was encrypted.</p>
      ) : (
        <>
          <p class="quiet">
            Whose mail would be lost if encryption were asked of everybody; over a whole log:{' '}
            <code>portreeve tls traffic /var/log/exim4/mainlog</code>
          </p>
          <div class="scrolls tall" tabIndex={0} role="region" aria-label="Peers still in clear">
            <table class="clear">
              <caption class="out-of-sight">Peers still in clear, those with most of it first</caption>
              <thead>
                <tr>
                  <th scope="col">Peer</th>
                  <th scope="col">Way</th>
                  <th scope="col" class="number">
                    In clear
                  </th>
                  <th scope="col">Since</th>
                  <th scope="col">Last</th>
                </tr>
              </thead>
              <tbody>
                {clear.map(({ direction, domain, clear: count, messages, since, last }) => (
                  <tr key={`${direction} ${domain}`}>
                    <th scope="row">
                      <Text of={domain} />
                    </th>
                    <td>{direction === 'in' ? 'comes' : 'goes'}</td>
                    <td class="number">
                      {count} of {messages}
                    </td>
                    <td>{moment(since)}</td>
                    <td>{moment(last)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {clearPeers > clear.length ? <p class="quiet">and {clearPeers - clear.length} more</p> : null}
        </>
      )}
    </section>
  );
}

/** A certificate that ends in days is no good news, however short its life is. */
function urgency(leftMs: number): string {
  const days = leftMs / 86_400_000;
  return days < 7 ? 'bad' : days < 21 ? 'warning' : 'good';
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
        <progress
          class={urgency(left)}
          aria-label={`certificate of which is ${said}`}
          value={left}
          max={life}
        />
      </dd>
      <dt>Key</dt>
      <dd>
        <Text of={key} /> <code class="fingerprint">{fingerprint}</code>
      </dd>
    </dl>
  );
}
