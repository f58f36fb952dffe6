// What the hostile corpus does to the grammar: lines of a real Exim, whose clients tried to name 8.8.8.8 in
// every field, and which took how long. The true peers are all in 127.0.0.0/8.

import { readFileSync } from 'node:fs';
import { logContext } from '../src/exim/log-context.ts';
import { parseLogLine } from '../src/exim/log-line.ts';

export interface HostileFigures {
  readonly lines: number;
  readonly wrongAddresses: number;
  /** Of the slowest line, the best of ten tries. */
  readonly milliseconds: number;
}

export function tryHostileCorpus(): HostileFigures {
  const text = readFileSync(new URL('../corpus/log/hostile-4.96.txt', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => /^\d{4}-/.test(line));
  const context = logContext({ timeZone: 'UTC' });
  let wrongAddresses = 0;
  let milliseconds = 0;
  for (const line of lines) {
    const { peer } = parseLogLine(line, context);
    if (peer !== undefined && !peer.startsWith('127.')) wrongAddresses += 1;
    milliseconds = Math.max(milliseconds, fastest(line));
  }
  return { lines: lines.length, wrongAddresses, milliseconds };

  function fastest(line: string): number {
    let best = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 10; tries += 1) {
      const start = performance.now();
      parseLogLine(line, context);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  }
}
