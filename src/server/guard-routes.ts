/** The routes of the guard: bans, an address, what happened in each minute; banning and unbanning. */
import { parseNetwork } from '../base/network.ts';
import { leavesMail } from '../guard/leaves-mail.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { StoredBan } from '../store/store.ts';
import {
  addressQuery,
  allowedListShape,
  allowOrder,
  addressShape,
  type AddressFacts,
  type ApiBan,
  type Bans,
  type BansQuery,
  banOrder,
  bansQuery,
  bansShape,
  doneShape,
  type Series,
  type SeriesQuery,
  seriesQuery,
  seriesShape,
  unbanOrder,
} from './api/guard.ts';
import { type Route, route } from './route.ts';
import type { Sources } from './sources.ts';

export function guardRoutes(sources: Sources, mayBan: boolean): Route[] {
  const { guard } = sources;
  return [
    route({
      method: 'GET',
      path: '/api/guard/bans',
      says: 'the bans in force, the newest first',
      query: bansQuery,
      answer: bansShape,
      work: ({ query }) => listBans(sources, query),
    }),
    route({
      method: 'GET',
      path: '/api/guard/address',
      says: 'all that is known of an address or network',
      query: addressQuery,
      answer: addressShape,
      work: ({ query: { address } }) => addressFacts(sources, address),
    }),
    route({
      method: 'GET',
      path: '/api/guard/series',
      says: 'what was counted in each minute',
      query: seriesQuery,
      answer: seriesShape,
      work: ({ query }) => series(sources, query),
    }),
    route({
      method: 'POST',
      path: '/api/guard/ban',
      says: 'ban an address or network',
      body: banOrder,
      answer: doneShape,
      work: async ({ body, by }) => {
        if (!mayBan) return notAllowed();
        const target = canonical(body.target);
        return target.ok ? done(await guard.ban({ ...body, target: target.value }, by)) : target;
      },
    }),
    route({
      method: 'POST',
      path: '/api/guard/unban',
      says: 'end the bans of an address or network',
      body: unbanOrder,
      answer: doneShape,
      work: async ({ body, by }) => {
        if (!mayBan) return notAllowed();
        const target = canonical(body.target);
        return target.ok ? done(await guard.unban(target.value, by)) : target;
      },
    }),
    route({
      method: 'GET',
      path: '/api/guard/allowed',
      says: 'who is never banned because a person said so; those of the settings are not among them',
      answer: allowedListShape,
      work: () => {
        const allowed = guard.allowed();
        return allowed.ok ? ok({ allowed: [...allowed.value] }) : allowed;
      },
    }),
    route({
      method: 'POST',
      path: '/api/guard/allow',
      says: 'never ban an address or network from now on, and end the bans that hit it',
      body: allowOrder,
      answer: doneShape,
      work: async ({ body, by }) => {
        if (!mayBan) return notAllowed();
        const target = canonical(body.target);
        return target.ok ? done(await guard.allow({ ...body, target: target.value }, by)) : target;
      },
    }),
    route({
      method: 'POST',
      path: '/api/guard/disallow',
      says: 'let an address or network be banned again',
      body: unbanOrder,
      answer: doneShape,
      work: async ({ body, by }) => {
        if (!mayBan) return notAllowed();
        const target = canonical(body.target);
        return target.ok ? done(await guard.disallow(target.value, by)) : target;
      },
    }),
  ];
}

export function done(outcome: Result<string>): Result<{ readonly done: string }> {
  return outcome.ok ? ok({ done: outcome.value }) : outcome;
}

function notAllowed(): Result<never> {
  return fail('permission', 'cannot ban or unban from the page: server.bans must be yes: it is no');
}

function canonical(text: string): Result<string> {
  const network = parseNetwork(text);
  return network === undefined
    ? fail('usage', `cannot use ${JSON.stringify(text)}: it must be an address or a network: it is not`)
    : ok(network.text);
}

function listBans({ store, clock }: Sources, { search, limit }: BansQuery): Result<Bans> {
  const found = store.bansInForce(clock.now(), { search: search.trim().toLowerCase(), limit });
  return found.ok ? ok({ bans: found.value.bans.map(plain), total: found.value.total }) : found;
}

function plain({ target, began, until, ended, rule, reason, offences }: Omit<StoredBan, 'evidence'>): ApiBan {
  return { target, began, until, ...(ended === undefined ? {} : { ended }), rule, reason, offences };
}

function addressFacts({ store, clock, guard }: Sources, text: string): Result<AddressFacts> {
  const target = canonical(text);
  if (!target.ok) return target;
  const address = target.value;
  const bans = store.bansOf(address);
  if (!bans.ok) return bans;
  const trust = store.trustOf(address);
  if (!trust.ok) return trust;
  const earned = trust.value;
  const listed = guard.allowed();
  const allowed = listed.ok ? listed.value.find((one) => one.target === address) : undefined;
  const now = clock.now();
  const inForce = bans.value.filter(({ until, ended }) => ended === undefined && until > now);
  return ok({
    address,
    bans: bans.value.map((ban) => ({ ...plain(ban), evidence: ban.evidence })).toReversed(),
    isBanned: inForce.length > 0,
    leavesMail: inForce.length > 0 && inForce.every(({ rule }) => leavesMail(rule)),
    ...(earned === undefined
      ? {}
      : {
          trust: { credit: earned.credit, messages: earned.messages, logins: earned.logins, at: earned.at },
        }),
    ...(allowed === undefined ? {} : { allowed }),
    ...guard.explain(address),
  });
}

/** A longer time than this is told by the hour. */
const mostMinutes = 2880;

function series({ store, clock }: Sources, { minutes, points }: SeriesQuery): Result<Series> {
  const unit = minutes > mostMinutes ? 60 : 1;
  const last = Math.floor(clock.now() / 60_000 / unit);
  const step = Math.max(1, Math.ceil(minutes / unit / points));
  const places = Math.ceil(minutes / unit / step);
  const from = (last + 1 - places * step) * unit;
  const rows = store.series(from, step * unit, places);
  return rows.ok ? ok({ from, step: step * unit, rows: Object.fromEntries(rows.value) }) : rows;
}
