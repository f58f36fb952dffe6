/**
 * Options that stand in options: `<name>` becomes the value of `name`, again and again, so that
 * `<mdre-<mode>>` finds `mdre-aggressive`. What names no option stays as it is: `<HOST>` is another's.
 */
import { fail, ok, type Result } from '../../base/result.ts';

/** As often as one tag may be replaced within one option before it counts as a loop. */
const mostReplacements = 25;

/** A loop that grows the text must end before it fills the memory. */
const longest = 1_000_000;

type LookUp = (name: string) => Result<string | undefined>;

/** `ignored` options are left alone. `lookUp` is asked for what is not among the options. */
export function substituteTags(
  options: ReadonlyMap<string, string>,
  ignored: ReadonlySet<string>,
  lookUp: LookUp,
): Result<Map<string, string>> {
  const all = new Map(options);
  const counts = new Map<string, Map<string, number>>();
  const done = new Set<string>();
  for (let again = true; again; ) {
    again = false;
    for (const [name, before] of all) {
      if (ignored.has(name) || done.has(name)) continue;
      const count = counts.get(name) ?? new Map<string, number>();
      counts.set(name, count);
      const value = substitute(name, before, all, ignored, lookUp, count);
      if (!value.ok) return value;
      if (value.value !== before) {
        all.set(name, value.value);
        again ||= /<[^ <>]+>/.test(value.value);
      }
      if (!value.value.includes('<')) done.add(name);
    }
  }
  return ok(all);
}

function substitute(
  name: string,
  before: string,
  options: ReadonlyMap<string, string>,
  ignored: ReadonlySet<string>,
  lookUp: LookUp,
  count: Map<string, number>,
): Result<string> {
  let value = before;
  let from = 0;
  for (;;) {
    const tag = /<([^ <>]+)>/g;
    tag.lastIndex = from;
    const found = tag.exec(value);
    if (found === null) return ok(value);
    const [whole, inner = ''] = found;
    from = tag.lastIndex;
    if (ignored.has(inner)) continue;
    if (inner === name || (count.get(inner) ?? 1) > mostReplacements || value.length > longest) {
      return fail(
        'configuration',
        `cannot resolve option ${name}: needs tags that do not refer to themselves: ${whole}`,
      );
    }
    let replacement = options.get(inner);
    if (replacement === undefined) {
      const looked = lookUp(inner);
      if (!looked.ok) return looked;
      replacement = looked.value;
    }
    if (replacement === undefined) continue;
    value = value.replaceAll(whole, () => replacement);
    count.set(inner, (count.get(inner) ?? 0) + 1);
    from = found.index;
  }
}
