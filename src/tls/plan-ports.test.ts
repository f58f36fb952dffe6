import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../exim/debian-settings.ts';
import { planPorts } from './plan-ports.ts';

test('planPorts() adds ports to those that are served, and says which have TLS from the first byte', () => {
  for (const [text, wanted, ports, implicit] of [
    ['', [587], '25 : 587', undefined],
    ['', [465, 587], '25 : 465 : 587', '465'],
    ['daemon_smtp_ports = smtp\n', [465], '25 : 465', '465'],
    ['daemon_smtp_ports = 25 : 465\ntls_on_connect_ports = 465\n', [465], '25 : 465', '465'],
    ['tls_on_connect_ports = 8465\n', [465], '25 : 465', '8465 : 465'],
    ['', [], undefined, undefined],
  ] as const) {
    const texts = new Map([['/own', text as string]]);
    planPorts(texts, wanted, '/own', []);
    const settings = readSettings(texts.get('/own') ?? '');
    const valueOf = (name: string): string | undefined => settings.find((each) => each.name === name)?.value;
    assert.equal(valueOf('daemon_smtp_ports'), ports, text);
    assert.equal(valueOf('tls_on_connect_ports'), implicit, text);
  }
});
