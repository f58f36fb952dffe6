/** The three answers of the first page, from facts: is it encrypted, is it guarded, is all accounted for? Pure. */
import { counted } from '../base/counted.ts';
import type { Problem } from '../base/problem.ts';
import type { PortReport } from './api/encryption.ts';
import type { FolderState, WaitingChange } from './api/history.ts';
import type { Verdict } from './api/overview.ts';

const day = 86_400_000;

export function isEncrypted(ports: readonly PortReport[], now: number): Verdict {
  if (ports.length === 0)
    return {
      state: 'unknown',
      answer: 'not tested yet',
      evidence: ['no live test of a mail port has ended'],
    };
  const unsound = ports.filter(({ sound }) => !sound);
  const evidence = ports.map((one) => portLine(one, now));
  if (unsound.length > 0) {
    const shown = unsound.map(({ port }) => port).join(', ');
    return {
      state: 'bad',
      answer: `encryption is not sound on ${unsound.length === 1 ? 'port' : 'ports'} ${shown}`,
      evidence,
    };
  }
  const warned = ports.some(({ findings }) => findings.some(({ grade }) => grade === 'warning'));
  return warned
    ? { state: 'warning', answer: 'encrypted, with warnings', evidence }
    : { state: 'good', answer: 'encrypted', evidence };
}

/** One port in a line: what a session got, and the worst that is wrong. */
export function portLine(
  { port, sound, version, cipher, certificate, findings, audit }: PortReport,
  now: number,
): string {
  const named = audit === undefined ? `port ${port}` : `port ${port}, grade ${audit.grade}`;
  const worst =
    findings.find(({ grade }) => grade === 'bad') ?? findings.find(({ grade }) => grade === 'warning');
  if (!sound || version === undefined) return `${named}: ${worst?.text ?? 'no encrypted session'}`;
  const left =
    certificate === undefined
      ? ''
      : `, certificate for ${Math.floor((certificate.notAfter - now) / day)} more days`;
  return `${named}: ${version} ${cipher ?? ''}${left}${worst === undefined ? '' : `; ${worst.text}`}`;
}

export interface GuardFacts {
  readonly firewall: string;
  readonly isUnderAttack: boolean;
  readonly bansInForce: number;
}

export function isGuarded({ firewall, isUnderAttack, bansInForce }: GuardFacts): Verdict {
  const evidence = [
    firewall === 'null' ? 'the guard only observes: bans go to nobody' : `bans go to ${firewall}`,
    `${counted(bansInForce, 'ban')} in force`,
    isUnderAttack ? 'Exim turns clients away right now' : 'Exim turns nobody away',
  ];
  if (firewall === 'null') return { state: 'warning', answer: 'watched, not guarded', evidence };
  return isUnderAttack
    ? { state: 'warning', answer: 'guarded, and under attack', evidence }
    : { state: 'good', answer: 'guarded', evidence };
}

const states = {
  waiting: 'waiting to be confirmed',
  working: 'being made',
  interrupted: 'interrupted',
} as const;

export interface HistoryFacts {
  readonly folders: readonly FolderState[];
  readonly changes: readonly WaitingChange[];
}

/** `problem`: why the keeper could not be asked. */
export function isAccountable(facts: HistoryFacts | undefined, problem?: Problem): Verdict {
  if (facts === undefined)
    return {
      state: 'unknown',
      answer: 'the keeper does not answer',
      evidence: [problem?.message ?? '', problem?.hint ?? ''].filter((line) => line !== ''),
    };
  const { folders, changes } = facts;
  if (folders.length === 0)
    return {
      state: 'bad',
      answer: 'no folder is tracked',
      evidence: ['begin: portreeve history init /etc/exim4 -m "as it is"'],
    };
  const evidence = folders.map(
    ({ folder, drift, unexplained }) =>
      `${folder}: ${drift.length === 0 ? 'as recorded' : `${counted(drift.length, 'path')} changed without a record`}${unexplained.length === 0 ? '' : `, ${unexplained.length} unexplained`}`,
  );
  const waiting = changes.map(
    ({ reason, state }) => `a change is ${states[state]}: ${reason.split('\n')[0] ?? ''}`,
  );
  const isDrifted = folders.some(({ drift, unexplained }) => drift.length + unexplained.length > 0);
  const isOpen = isDrifted || changes.length > 0;
  return {
    state: isOpen ? 'warning' : 'good',
    answer: isDrifted
      ? 'something changed without a reason'
      : changes.length > 0
        ? 'a change waits for you'
        : 'every change has its reason',
    evidence: [...evidence, ...waiting],
  };
}
