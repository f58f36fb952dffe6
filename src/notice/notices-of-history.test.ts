import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FolderLook, type HistoryState, noticesOfHistory } from './notices-of-history.ts';

const folder = '/etc/exim4';

function look(more: Partial<FolderLook> = {}): FolderLook {
  return { folder, drift: [], unexplained: [], records: [record('aaaa', 'as installed', 1000)], ...more };
}

function record(commit: string, reason: string, at: number): FolderLook['records'][number] {
  return {
    commit,
    at,
    person: 'root',
    reason,
    isUnexplained: false,
    changes: ['x  content'],
    paths: ['x'],
    count: 1,
  };
}

function state(more: Partial<FolderLook> = {}, waiting: HistoryState['waiting'] = []): HistoryState {
  return { folders: [look(more)], waiting };
}

const drifted = state({ drift: ['x  content'] });
const unexplained = state({ unexplained: [{ commit: 'bbbb', reason: 'drift' }] });
const waiting = state({}, [{ id: 'c1', folder, reason: 'banner', person: 'alice', until: 5000 }]);

const table: readonly [string, HistoryState | undefined, HistoryState, readonly string[]][] = [
  ['nothing', state(), state(), []],
  ['first look, all well', undefined, state(), []],
  ['first look, drift', undefined, drifted, ['drift needed']],
  ['drift comes', state(), drifted, ['drift needed']],
  ['drift stays', drifted, drifted, []],
  ['drift is recorded by the keeper', drifted, unexplained, ['drift needed']],
  ['it is explained', unexplained, state(), ['drift over']],
  [
    'a record',
    state(),
    state({ records: [record('cccc', 'banner', 2000), record('aaaa', 'as installed', 1000)] }),
    ['change told'],
  ],
  [
    'an older record comes into sight',
    state(),
    state({ records: [record('aaaa', 'as installed', 1000), record('0000', 'older', 500)] }),
    [],
  ],
  ['a change waits', state(), waiting, ['change needed']],
  ['it is settled', waiting, state(), ['change over']],
];

test('noticesOfHistory() tells what has turned, once', () => {
  for (const [why, before, after, expected] of table)
    assert.deepEqual(
      noticesOfHistory(before, after, 9000).map(({ kind, urgency }) => `${kind} ${urgency}`),
      expected,
      why,
    );
});
