/** `portreeve status`: one screen: encrypted, guarded, anything changed, and what needs a person. */
import { Command } from 'commander';
import { formatDuration } from '../../base/duration.ts';
import type { Duration } from '../../base/duration.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Settings } from '../../base/settings.ts';
import { systemClock } from '../../host/clock.ts';
import { ownName } from '../../host/own-name.ts';
import type { Notice } from '../../notice/notice.ts';
import type { Overview, Verdict } from '../../server/api/overview.ts';
import { isAccountable, isEncrypted } from '../../server/judge-overview.ts';
import { act } from '../act.ts';
import { keeperHistory } from '../keeper-history.ts';
import { keeperSocket } from '../keeper-socket.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';
import { PageClient } from '../page-client.ts';
import type { Speaker } from '../speak.ts';

export function status(): Command {
  return new Command('status')
    .description('one screen: encrypted, guarded, anything changed; status 1 when something needs a person')
    .action(
      act(settingOptions, async ({ speak, options }) => {
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const overview = await readOverview(settings.value);
        tell(speak, overview);
        speak.document(overview);
        const verdicts = [overview.encrypted, overview.guarded, overview.accountable];
        const isWell = overview.needed.length === 0 && verdicts.every(({ state }) => state === 'good');
        return ok(isWell ? 0 : 1);
      }),
    );
}

async function readOverview(settings: Settings): Promise<Overview> {
  const client = await PageClient.open(settings);
  const asked: Result<Overview> = client.ok ? await client.value.ask<Overview>('/api/overview') : client;
  return asked.ok ? asked.value : await withoutAgent(asked.problem.message, asked.problem.hint);
}

/** What can be known without the agent: that it is not there, and what the keeper says. */
async function withoutAgent(message: string, hint: string | undefined): Promise<Overview> {
  const history = keeperHistory(keeperSocket());
  const [folders, changes] = [await history.folders(), await history.changes()];
  const facts = folders.ok && changes.ok ? { folders: folders.value, changes: changes.value } : undefined;
  const problem = folders.ok ? (changes.ok ? undefined : changes.problem) : folders.problem;
  const at = systemClock.now();
  const missing: Notice = {
    kind: 'trouble',
    at,
    title: 'the agent does not answer: nobody reads the log or bans',
    lines: [message],
    subject: 'agent',
    urgency: 'needed',
    ...(hint === undefined ? {} : { hint }),
  };
  return {
    at,
    host: ownName(),
    encrypted: isEncrypted([], at),
    guarded: { state: 'bad', answer: 'not guarded', evidence: [message] },
    accountable: isAccountable(facts, problem),
    needed: [missing],
    bansInForce: 0,
  };
}

function tell(speak: Speaker, { host, encrypted, guarded, accountable, needed, at }: Overview): void {
  speak.line(speak.style.bold(host));
  line(speak, 'encrypted?', encrypted);
  line(speak, 'guarded?', guarded);
  line(speak, 'changed?', accountable);
  speak.line();
  speak.line(
    needed.length === 0
      ? speak.style.good('Nothing needs you.')
      : speak.style.bold(`${needed.length} things need you:`),
  );
  for (const { title, hint, at: since } of needed) {
    speak.line(`  ${title}  ${speak.style.dim(`(${ago(at - since)} ago)`)}`);
    if (hint !== undefined) speak.line(`      ${speak.style.dim(hint)}`);
  }
}

function line(speak: Speaker, question: string, { state, answer, evidence }: Verdict): void {
  const paint = {
    good: speak.style.good,
    warning: speak.style.warn,
    bad: speak.style.bad,
    unknown: speak.style.warn,
  }[state];
  const mark = { good: 'ok  ', warning: 'warn', bad: 'BAD ', unknown: '?   ' }[state];
  speak.line(`${paint(mark)} ${question.padEnd(11)} ${answer}`);
  for (const each of evidence) speak.line(`                 ${speak.style.dim(each)}`);
}

function ago(ms: number): string {
  return formatDuration(Math.max(1000, Math.round(ms / 1000) * 1000) as Duration);
}
