/**
 * Reads a configuration of fail2ban by its name below a folder (`jail`, `filter.d/exim`): NAME.conf,
 * NAME.d/*.conf, NAME.local, NAME.d/*.local, each with what it includes and the `.local` beside each.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import { listFolder } from '../../host/files.ts';
import { isFile } from '../../host/is-file.ts';
import { dirname, extname, isAbsolute, join } from '../../host/paths.ts';
import { readUtf8 } from '../../host/read-utf8.ts';
import { Configuration } from './configuration.ts';
import { type IniFile, parseIni } from './ini-text.ts';

/** Undefined where there is no such configuration. Files that are read stay in `cache`, by path. */
export async function readConfiguration(
  folder: string,
  name: string,
  cache: ConfigurationCache = new Map(),
): Promise<Result<Configuration | undefined>> {
  const base = join(folder, name);
  const wanted = [
    `${base}.conf`,
    ...(await filesIn(`${base}.d`, '.conf')),
    `${base}.local`,
    ...(await filesIn(`${base}.d`, '.local')),
  ];
  const present: string[] = [];
  for (const path of wanted) if (isFile(path)) present.push(path);
  return present.length === 0 ? ok(undefined) : await readFiles(present, cache);
}

/** Just these files, with what they include. */
export async function readFiles(
  paths: readonly string[],
  cache: ConfigurationCache = new Map(),
): Promise<Result<Configuration>> {
  const files: IniFile[] = [];
  const collected = await collect(paths, [], cache, files);
  return collected.ok ? ok(new Configuration(files)) : collected;
}

export type ConfigurationCache = Map<string, Result<IniFile>>;

async function collect(
  paths: readonly string[],
  outer: readonly string[],
  cache: ConfigurationCache,
  into: IniFile[],
): Promise<Result<void>> {
  for (const path of withLocals(paths)) {
    if (outer.includes(path)) {
      const chain = [...outer.slice(outer.indexOf(path)), path].join(' includes ');
      return fail('configuration', `cannot read ${outer.at(-1)}: needs includes without a loop: ${chain}`, {
        path,
      });
    }
    if (!isFile(path)) continue;
    const file = await readFile(path, cache);
    if (!file.ok) return file;
    const included = includesOf(file.value);
    if (!included.ok) return included;
    const inner = [...outer, path];
    const before = await collect(included.value.before, inner, cache, into);
    if (!before.ok) return before;
    into.push(file.value);
    const after = await collect(included.value.after, inner, cache, into);
    if (!after.ok) return after;
  }
  return ok();
}

async function readFile(path: string, cache: ConfigurationCache): Promise<Result<IniFile>> {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const text = await readUtf8(path);
  const file = text.ok ? parseIni(text.value, path) : text;
  cache.set(path, file);
  return file;
}

interface Includes {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function includesOf(file: IniFile): Result<Includes> {
  if (!file.sections.has('INCLUDES')) return ok({ before: [], after: [] });
  const alone = new Configuration([file]);
  const list = (option: string): Result<string[]> => {
    const value = alone.get('INCLUDES', option);
    if (!value.ok) return value;
    if (value.value === undefined) return ok([]);
    const here = dirname(file.path);
    return ok(value.value.split('\n').map((path) => (isAbsolute(path) ? path : join(here, path))));
  };
  const before = list('before');
  if (!before.ok) return before;
  const after = list('after');
  return after.ok ? ok({ before: before.value, after: after.value }) : after;
}

/** Each file, and the `.local` of the same name behind it. */
function withLocals(paths: readonly string[]): string[] {
  const all: string[] = [];
  for (const path of paths) {
    all.push(path);
    const local = `${path.slice(0, path.length - extname(path).length)}.local`;
    if (!paths.includes(local) && isFile(local)) all.push(local);
  }
  return all;
}

async function filesIn(folder: string, ending: string): Promise<string[]> {
  const names = await listFolder(folder);
  return (names.ok ? names.value : [])
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .toSorted()
    .map((name) => join(folder, name));
}
