/** Metrics in the text format that Prometheus reads (version 0.0.4). Pure. */
export interface Metric {
  /** Units in the name, counters end in `_total`: https://prometheus.io/docs/practices/naming */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** Of bounded values alone: never an address, a login or a text from a log. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function metricsText(metrics: readonly Metric[]): string {
  return metrics.map(one).join('');
}

function one({ name, type, help, samples }: Metric): string {
  const rows = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${numberText(value)}\n`);
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n${rows.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) =>
      `${key}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}
