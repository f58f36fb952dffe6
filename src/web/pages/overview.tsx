/** Three answers with their evidence; before them what needs a person. */
import type { JSX } from 'preact';
import type { ApiNotice } from '../../server/api/notice.ts';
import type { Overview } from '../../server/api/overview.ts';
import type { Timeline } from '../../server/api/timeline.ts';
import { useAsked } from '../asked.ts';
import { groupNotices } from '../group-notices.ts';
import { notices } from '../live.ts';
import { Card } from '../parts/card.tsx';
import { NoticeList } from '../parts/notice-list.tsx';
import { Text } from '../parts/text.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { routeTo } from '../route.ts';

const mostShown = 12;

/** What has come since the page was opened, and what was before; each once. */
function latest(before: readonly ApiNotice[]): readonly ApiNotice[] {
  const keyOf = ({ kind, at, subject }: ApiNotice): string => `${kind} ${at} ${subject}`;
  const known = new Set(notices.value.map(keyOf));
  return [...notices.value, ...before.filter((one) => !known.has(keyOf(one)))].slice(0, mostShown);
}

export function OverviewPage(): JSX.Element {
  const { answer, problem } = useAsked<Overview>('/api/overview', 5000);
  const before = useAsked<Timeline>('/api/timeline');
  return (
    <>
      <h1 tabIndex={-1}>
        Overview{answer === undefined ? '' : ' of '}
        {answer === undefined ? null : <Text of={answer.host} />}
      </h1>
      <Trouble problem={problem} />
      {answer === undefined ? (
        <p aria-busy="true">Looking…</p>
      ) : (
        <>
          {answer.needed.length === 0 ? null : (
            <section class="needed" aria-labelledby="needed">
              <h2 id="needed">Needs you</h2>
              <NoticeList of={groupNotices(answer.needed)} none="" />
            </section>
          )}
          <div class="cards">
            <Card title="Encrypted?" verdict={answer.encrypted} href={routeTo('encryption')} />
            <Card title="Guarded?" verdict={answer.guarded} href={routeTo('guard')} />
            <Card title="Anything changed?" verdict={answer.accountable} href={routeTo('history')} />
          </div>
          <section aria-labelledby="now">
            <h2 id="now">As it happens</h2>
            <div aria-live="polite">
              <NoticeList
                of={groupNotices(latest(before.answer?.notices ?? []))}
                none="Nothing in the last day."
              />
            </div>
          </section>
        </>
      )}
    </>
  );
}
