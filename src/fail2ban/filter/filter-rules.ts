/** The expressions of a filter, compiled: what prefregex, failregex and ignoreregex have become. */
import { type Failed, fail, ok, type Result } from '../../base/result.ts';
import { type LineExpression, lineExpression, namesSomebody } from './line-expression.ts';
import type { UseDns } from './resolve-tags.ts';

export interface FilterRules {
  readonly prefix: LineExpression | undefined;
  readonly fail: readonly LineExpression[];
  readonly ignore: readonly LineExpression[];
  /** Lines that are searched together. */
  readonly maxlines: number;
}

export interface FilterSources {
  readonly prefregex: string | undefined;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly maxlines: number;
}

/** The problem of an expression says which one it is, and its path is the option: `failregex 2`. */
export function compileRules(sources: FilterSources, useDns: UseDns): Result<FilterRules> {
  const { maxlines } = sources;
  const single = { useDns, multiline: false };
  let prefix: LineExpression | undefined;
  if (sources.prefregex !== undefined) {
    const compiled = lineExpression(sources.prefregex, single);
    if (!compiled.ok) return about('prefregex', sources.prefregex, compiled);
    prefix = compiled.value;
  }
  const failing: LineExpression[] = [];
  for (const [place, source] of sources.failregex.entries()) {
    const compiled = lineExpression(source, { useDns, multiline: maxlines > 1 });
    const name = `failregex ${place + 1}`;
    if (!compiled.ok) return about(name, source, compiled);
    if (!namesSomebody(compiled.value) && (prefix === undefined || !namesSomebody(prefix))) {
      const lacking = fail(
        'configuration',
        'cannot use the expression: needs a group that names the host, such as <HOST>, <ADDR> or <F-ID>: it has none',
      );
      return about(name, source, lacking);
    }
    failing.push(compiled.value);
  }
  const ignore: LineExpression[] = [];
  for (const [place, source] of sources.ignoreregex.entries()) {
    const compiled = lineExpression(source, single);
    if (!compiled.ok) return about(`ignoreregex ${place + 1}`, source, compiled);
    ignore.push(compiled.value);
  }
  return ok({ prefix, fail: failing, ignore, maxlines });
}

function about(name: string, source: string, { problem }: Failed): Failed {
  const message = `${problem.message} (${name}: ${source.slice(0, 120)})`;
  return { ok: false, problem: { ...problem, message, path: name } };
}
