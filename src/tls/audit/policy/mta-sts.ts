/** An MTA-STS policy (RFC 8461, section 3.2) and its TXT record, read strictly: senders do. */
import { fail, ok, type Result } from '../../../base/result.ts';

export interface StsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none';
  readonly mx: readonly string[];
  /** Seconds. */
  readonly maxAge: number;
}

/** The record's id; undefined where there is none, or not exactly one. */
export function stsRecordId(texts: readonly string[]): string | undefined {
  const records = texts.filter((text) => /^v=STSv1\s*(?:;|$)/.test(text));
  const [only, another] = records;
  return another === undefined ? /;\s*id=([A-Za-z0-9]{1,32})\s*(?:;|$)/.exec(only ?? '')?.[1] : undefined;
}

const longestAge = 31_557_600;

export function readStsPolicy(text: string): Result<StsPolicy> {
  const refused = (words: string): Result<StsPolicy> => fail('no', `the policy ${words}`);
  const fields = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const [, name, value] = /^([a-z0-9][\w.-]*)\s*:\s*(.*?)\s*$/i.exec(line) ?? [];
    if (name === undefined || value === undefined)
      return refused(`has a line that is none: ${JSON.stringify(line.slice(0, 60))}`);
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  const [version] = fields.get('version') ?? [];
  const [mode] = fields.get('mode') ?? [];
  const [age = ''] = fields.get('max_age') ?? [];
  const mx = fields.get('mx') ?? [];
  if (version !== 'STSv1') return refused(`has to say version: STSv1: ${version ?? 'it does not'}`);
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none')
    return refused(`has no mode that is known: ${mode ?? 'none'}`);
  if (!/^\d{1,10}$/.test(age) || Number(age) > longestAge)
    return refused(`has no max_age that may be: ${age || 'none'}`);
  if (mode !== 'none' && mx.length === 0) return refused('names no mx');
  return ok({ mode, mx, maxAge: Number(age) });
}

/** Whether the policy lets this host receive (section 4.1): `*.` stands for one label. */
export function allowsMx({ mx }: StsPolicy, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return mx
    .map((pattern) => pattern.toLowerCase())
    .some(
      (pattern) =>
        pattern === name ||
        (pattern.startsWith('*.') && name.slice(name.indexOf('.') + 1) === pattern.slice(2)),
    );
}
