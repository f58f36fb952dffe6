import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkout } from '../host/checkout.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { LiveFeed } from './live-feed.ts';
import { metricsText } from './metrics-text.ts';
import { readMetrics } from './read-metrics.ts';
import type { Sources } from './sources.ts';

const sources = {
  clock: { now: () => 5000, sleep: async () => await Promise.resolve() },
  store: new MemoryStore(),
  feed: new LiveFeed(),
  guard: { firewall: 'nft', isUnderAttack: () => true },
  ports: () => [
    {
      port: 25,
      implicit: false,
      at: 4000,
      sound: true,
      findings: [],
      transcript: [],
      certificate: {
        subject: '',
        issuer: '',
        names: [],
        notBefore: 0,
        notAfter: 90_000,
        key: '',
        fingerprint: '',
      },
      audit: { at: 4000, grade: 'B', because: '', findings: [] },
    },
  ],
  clear: () => [{ direction: 'in', domain: 'b.example', messages: 2, clear: 1, since: 0, last: 0 }],
  needed: () => [],
  counted: () => ({ 'ban relay': 3, 'odd "name"\n\\': 1 }),
  gauges: () => ({ process_resident_memory_bytes: 12, process_start_time_seconds: 1 }),
  version: '1.2.3',
} as unknown as Sources;

test('readMetrics() follows the conventions of names and units', () => {
  for (const { name, type, help } of readMetrics(sources, 0)) {
    assert.match(name, /^portreeve_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(name, /_(?:ms|milliseconds|minutes|kb|mb)\b/, name);
    assert.match(help, /^[A-Z].*\.$/);
  }
});

test('metricsText() is what Prometheus reads, whatever the values hold', () => {
  const text = metricsText(readMetrics(sources, 7));
  for (const line of text.split('\n').slice(0, -1))
    assert.match(
      line,
      /^(?:# (?:HELP|TYPE) portreeve_\w+ .+|portreeve_\w+(?:\{(?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? [\d.e+]+)$/,
    );
  assert.match(text, /^portreeve_events_total\{event="odd \\"name\\"\\n\\\\"\} 1$/m);
  assert.match(text, /^portreeve_tls_certificate_expiry_timestamp_seconds\{port="25"\} 90$/m);
  assert.match(text, /^portreeve_tls_grade\{port="25",grade="B"\} 1$/m);
  assert.match(text, /^portreeve_clear_peers 1$/m);
  assert.match(text, /^portreeve_page_watchers 7$/m);
});

test('the dashboard asks for metrics that there are', () => {
  const board = readFileSync(`${checkout}/packaging/grafana/portreeve.json`, 'utf8');
  const asked = new Set(
    JSON.stringify((JSON.parse(board) as { panels: unknown }).panels).match(/portreeve_\w+/g),
  );
  const known = new Set(readMetrics(sources, 0).map(({ name }) => name));
  assert.ok(asked.size >= 7);
  for (const name of asked) assert.ok(known.has(name), name);
});
