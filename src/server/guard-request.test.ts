import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardRequest, type RequestFacts } from './guard-request.ts';
import { ownHosts, readListening } from './listening.ts';

const listening = readListening('127.0.0.1:8725');
const hosts = ownHosts(listening, ['mail.example.test']);
const post: RequestFacts = {
  method: 'POST',
  host: '127.0.0.1:8725',
  origin: 'http://127.0.0.1:8725',
  fetchSite: 'same-origin',
  contentType: 'application/json; charset=utf-8',
};

const table: readonly [string, Partial<RequestFacts>, boolean][] = [
  ['the page itself', {}, true],
  ['by another of its names', { host: 'LOCALHOST:8725', origin: 'http://localhost:8725' }, true],
  ['by a proxy', { host: 'mail.example.test', origin: 'https://mail.example.test' }, true],
  ['without Sec-Fetch-Site, as older browsers', { fetchSite: undefined }, true],
  ['a name that resolves here', { host: 'evil.test:8725', origin: 'http://evil.test:8725' }, false],
  ['another port', { host: '127.0.0.1:80' }, false],
  ['no host', { host: undefined }, false],
  ['another origin', { origin: 'http://evil.test' }, false],
  ['an origin of another port', { origin: 'http://127.0.0.1:9999' }, false],
  ['a sandboxed origin', { origin: 'null' }, false],
  ['the same site only', { fetchSite: 'same-site' }, false],
  ['nothing about where it comes from', { origin: undefined, fetchSite: undefined }, false],
  ['a form', { contentType: 'multipart/form-data' }, false],
  ['reading by another site', { method: 'GET', origin: 'http://evil.test', contentType: undefined }, true],
  ['another method', { method: 'DELETE' }, false],
];

test('guardRequest() lets the page alone change something', () => {
  for (const [why, facts, passes] of table)
    assert.equal(guardRequest({ ...post, ...facts }, hosts).ok, passes, why);
});

test('readListening() reads what the setting may hold', () => {
  assert.deepEqual(readListening(''), { kind: 'off' });
  assert.deepEqual(readListening('/run/p.sock'), { kind: 'socket', path: '/run/p.sock' });
  assert.deepEqual(readListening('[::1]:80'), { kind: 'port', host: '::1', port: 80 });
  assert.deepEqual([...ownHosts({ kind: 'socket', path: '/x' }, ['A.test'])], ['a.test']);
});
