/** The rules that a scan goes by. Those of the settings, which take longer to load, are in `own-scan-rules.ts`. */
import { openLog } from '../host/log-file.ts';
import type { LineJudge } from './line-judge.ts';
import { type SightingOf, sightingOf } from './sighting.ts';
import { readWebLine } from './web-log.ts';
import { probeIn } from './web-rules.ts';

export interface ScanRules {
  readonly sightingOf: SightingOf;
  /** Whether there are more than the built-in ones: those may look at any field of an event. */
  readonly hasOwn: boolean;
  /** For a log that is not Exim's; undefined for one that may be. */
  readonly judgesOf: (path: string) => readonly LineJudge[] | undefined;
}

export const builtInRules: ScanRules = {
  sightingOf,
  hasOwn: false,
  judgesOf: (path) => (isWebLog(path) ? [probeIn] : undefined),
};

function isWebLog(path: string): boolean {
  const opened = path === '-' ? undefined : openLog(path);
  if (opened?.ok !== true || opened.value.kind !== 'plain') return false;
  const file = opened.value;
  const start = new Uint8Array(2000);
  const [line = ''] = new TextDecoder('latin1').decode(start.subarray(0, file.read(start, 0))).split('\n');
  file.close();
  return readWebLine(line) !== undefined;
}
