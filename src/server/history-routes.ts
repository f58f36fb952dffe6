/** The routes of the history: what is tracked, records and reasons, and the changes that wait. The keeper does all of it. */
import { fail, ok, type Result } from '../base/result.ts';
import { doneShape } from './api/guard.ts';
import {
  changeOrder,
  changesShape,
  explanationOrder,
  foldersShape,
  recordQuery,
  recordsQuery,
  recordsShape,
  recordTextShape,
  undoOrder,
  whyQuery,
} from './api/history.ts';
import { done } from './guard-routes.ts';
import { type Route, route } from './route.ts';
import type { HistoryHands } from './sources.ts';

export function historyRoutes(history: HistoryHands, mayChange: boolean): Route[] {
  const settle = (what: 'confirm' | 'abort'): Route =>
    route({
      method: 'POST',
      path: `/api/changes/${what}`,
      says: what === 'confirm' ? 'keep a change that waits' : 'take back a change that waits',
      body: changeOrder,
      answer: doneShape,
      work: async ({ body, by }) =>
        mayChange ? done(await history.settle(what, body.id, by)) : notAllowed(),
    });
  return [
    route({
      method: 'GET',
      path: '/api/history/folders',
      says: 'the tracked folders, their drift, and what nobody has explained',
      answer: foldersShape,
      work: async () => named('folders', await history.folders()),
    }),
    route({
      method: 'GET',
      path: '/api/history/records',
      says: 'the records of a folder, the newest first',
      query: recordsQuery,
      answer: recordsShape,
      work: async ({ query }) => {
        const records = await history.records(query);
        return records.ok ? ok({ folder: query.folder, records: records.value }) : records;
      },
    }),
    route({
      method: 'GET',
      path: '/api/history/record',
      says: 'one record, with what it changed',
      query: recordQuery,
      answer: recordTextShape,
      work: async ({ query }) => await history.record(query),
    }),
    route({
      method: 'GET',
      path: '/api/history/why',
      says: 'the records behind a file, or a line of it, the oldest first',
      query: whyQuery,
      answer: recordsShape,
      work: async ({ query }) => {
        const records = await history.why(query);
        return records.ok ? ok({ folder: query.folder, records: records.value }) : records;
      },
    }),
    route({
      method: 'POST',
      path: '/api/history/explain',
      says: 'tell the reason of a record later',
      body: explanationOrder,
      answer: doneShape,
      work: async ({ body, by }) => (mayChange ? done(await history.explain(body, by)) : notAllowed()),
    }),
    route({
      method: 'POST',
      path: '/api/history/undo',
      says: 'take a recorded change back, as a change that waits to be kept for ten minutes',
      body: undoOrder,
      answer: doneShape,
      work: async ({ body, by }) => (mayChange ? done(await history.undo(body, by)) : notAllowed()),
    }),
    route({
      method: 'GET',
      path: '/api/changes',
      says: 'the changes that are not settled',
      answer: changesShape,
      work: async () => named('changes', await history.changes()),
    }),
    settle('confirm'),
    settle('abort'),
  ];
}

function named<Name extends string, Value>(
  name: Name,
  outcome: Result<Value>,
): Result<Readonly<Record<Name, Value>>> {
  return outcome.ok ? ok({ [name]: outcome.value } as Readonly<Record<Name, Value>>) : outcome;
}

function notAllowed(): Result<never> {
  return fail('permission', 'cannot do that from the page: server.changes must be yes: it is no', {
    hint: 'do it on the server: portreeve change confirm, portreeve history explain',
  });
}
