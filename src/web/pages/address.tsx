/** All that is known of one address: its bans with their evidence, its trust, and what the guard says. */
import type { JSX } from 'preact';
import type { AddressFacts } from '../../server/api/guard.ts';
import { useAsked } from '../asked.ts';
import { session } from '../client.ts';
import { moment } from '../moment.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { routeTo } from '../route.ts';

export function AddressPage({ address }: { readonly address: string }): JSX.Element {
  const { answer, problem, again } = useAsked<AddressFacts>(
    `/api/guard/address?address=${encodeURIComponent(address)}`,
    5000,
  );
  return (
    <>
      <h1 tabIndex={-1}>
        <Text of={address} />
      </h1>
      <p>
        <a href={routeTo('guard')}>All bans</a>
      </p>
      <Trouble problem={problem} />
      {answer === undefined ? null : (
        <>
          <p>
            <strong>
              {answer.leavesMail
                ? 'It cannot log in; its mail comes in.'
                : answer.isBanned
                  ? 'Banned.'
                  : 'Not banned.'}
            </strong>{' '}
            {answer.trust === undefined
              ? 'It has earned no trust.'
              : `Trust ${answer.trust.credit.toFixed(2)}, by ${answer.trust.messages} messages and ${answer.trust.logins} logins.`}
          </p>
          {answer.allowed === undefined ? null : (
            <p>
              <strong>Never banned</strong>: <Text of={answer.allowed.reason} />{' '}
              <small>
                <Text of={answer.allowed.by} />, {moment(answer.allowed.at)}
              </small>
            </p>
          )}
          {session.value?.mayBan === true ? <Allow facts={answer} again={again} /> : null}
          {answer.said.length === 0 ? null : (
            <pre>
              {answer.said.map((line, place) => (
                <div key={place}>
                  <Text of={line} />
                </div>
              ))}
            </pre>
          )}
          {answer.sightings.length === 0 ? null : <Score facts={answer} />}
          <h2>Bans</h2>
          {answer.bans.length === 0 ? <p class="quiet">None that is remembered.</p> : null}
          {answer.bans.map(({ began, until, ended, rule, reason, offences, evidence }) => (
            <article key={began}>
              <header>
                <strong>
                  <Text of={rule} />
                </strong>{' '}
                from {moment(began)} to {moment(ended ?? until)}
                {ended === undefined ? '' : ', taken back'}, offence {offences}
              </header>
              <p>
                <Text of={reason} />
              </p>
              <pre>
                {evidence.map((line, place) => (
                  <div key={place}>
                    <Text of={line} />
                  </div>
                ))}
              </pre>
            </article>
          ))}
        </>
      )}
    </>
  );
}

function Allow({
  facts: { address, isBanned, allowed },
  again,
}: {
  readonly facts: AddressFacts;
  readonly again: () => void;
}): JSX.Element {
  return (
    <div class="actions">
      {isBanned ? (
        <ActButton
          path="/api/guard/unban"
          body={{ target: address }}
          label="Unban"
          about={`Unban ${address}`}
          done={again}
        />
      ) : null}
      {allowed === undefined ? (
        <ActButton
          path="/api/guard/allow"
          body={{ target: address, reason: 'by hand, on the page' }}
          label="Never ban it"
          about={`Never ban it: ${address}`}
          look="secondary"
          done={again}
        />
      ) : (
        <ActButton
          path="/api/guard/disallow"
          body={{ target: address }}
          label="Let it be banned again"
          about={`Let it be banned again: ${address}`}
          look="secondary"
          done={again}
        />
      )}
    </div>
  );
}

/** How the score grew: each sighting that still counts, and how near it brought the address to a ban. */
function Score({ facts: { sightings, needed } }: { readonly facts: AddressFacts }): JSX.Element {
  return (
    <>
      <h2>Score</h2>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Score over time">
        <table>
          <caption class="out-of-sight">Score over time</caption>
          <thead>
            <tr>
              <th scope="col">Seen</th>
              <th scope="col">Evidence</th>
              <th scope="col">Score, of {needed} that ban</th>
            </tr>
          </thead>
          <tbody>
            {sightings.map(({ at, kind, score, line }, place) => (
              <tr key={place}>
                <td>{moment(at)}</td>
                <td>
                  <Text of={kind} />
                  {line === undefined ? null : (
                    <small class="hint">
                      <Text of={line} />
                    </small>
                  )}
                </td>
                <td>
                  {score} <progress aria-label={`score ${score} of ${needed}`} value={score} max={needed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
