/** The metrics of this agent, from the sources. Label values are rules, kinds and ports: all are bounded. */
import type { Metric, Sample } from './metrics-text.ts';
import type { Sources } from './sources.ts';

export function readMetrics(sources: Sources, watchers: number): Metric[] {
  const { clock, store, guard, ports, version } = sources;
  const now = clock.now();
  const inForce = store.bansInForce(now, { search: '', limit: 1 });
  const tested = ports();
  const byPort = (value: (port: (typeof tested)[number]) => number | undefined): Sample[] =>
    tested.flatMap((port) => {
      const found = value(port);
      return found === undefined ? [] : [{ labels: { port: String(port.port) }, value: found }];
    });
  return [
    gauge('portreeve_build_info', 'The version that runs.', [{ labels: { version }, value: 1 }]),
    gauge(
      'portreeve_bans_in_force',
      'Addresses and networks that are banned.',
      plain(inForce.ok ? inForce.value.total : 0),
    ),
    gauge('portreeve_under_attack', 'Whether Exim turns clients away.', plain(guard.isUnderAttack() ? 1 : 0)),
    gauge(
      'portreeve_enforcing',
      'Whether bans go to a firewall, or the guard only observes.',
      plain(guard.firewall === 'null' ? 0 : 1),
    ),
    {
      name: 'portreeve_events_total',
      type: 'counter',
      help: 'What the guard has seen and done since the agent started, by kind.',
      samples: Object.entries(sources.counted()).map(([event, value]) => ({ labels: { event }, value })),
    },
    gauge(
      'portreeve_tls_sound',
      'Whether the last live test of the port found its encryption sound.',
      byPort(({ sound }) => (sound ? 1 : 0)),
    ),
    gauge(
      'portreeve_tls_certificate_expiry_timestamp_seconds',
      'When the certificate that the port serves ends, in seconds since 1970.',
      byPort(({ certificate }) => (certificate === undefined ? undefined : certificate.notAfter / 1000)),
    ),
    gauge(
      'portreeve_tls_tested_timestamp_seconds',
      'When the port was tested, in seconds since 1970.',
      byPort(({ at }) => at / 1000),
    ),
    gauge(
      'portreeve_tls_grade',
      'The grade of the last audit of the port: 1 for the one that it has.',
      tested.flatMap(({ port, audit }) =>
        audit === undefined ? [] : [{ labels: { port: String(port), grade: audit.grade }, value: 1 }],
      ),
    ),
    gauge(
      'portreeve_clear_peers',
      'Peers whose mail came or went in clear within thirty days.',
      plain(sources.clear().length),
    ),
    gauge('portreeve_needed_notices', 'How many things need a person.', plain(sources.needed().length)),
    gauge('portreeve_page_watchers', 'How many pages watch the live view.', plain(watchers)),
    ...Object.entries(sources.gauges()).map(([name, value]) =>
      gauge(`portreeve_${name}`, gaugeHelp[name] ?? 'Of the agent.', plain(value)),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples };
}

function plain(value: number): Sample[] {
  return [{ labels: {}, value }];
}

const gaugeHelp: Readonly<Record<string, string>> = {
  process_resident_memory_bytes: 'Memory of the agent.',
  process_start_time_seconds: 'When the agent started, in seconds since 1970.',
};
