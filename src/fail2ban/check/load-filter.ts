/** The filter that a person names: one of the folder's, a file of their own, or an expression after all. */
import { fail, ok, type Result } from '../../base/result.ts';
import { isFile } from '../../host/is-file.ts';
import { basename, dirname, join } from '../../host/paths.ts';
import type { Configuration } from '../config/configuration.ts';
import { filterDefinition, resolveFilter } from '../config/filter-definition.ts';
import { readNamed } from '../config/option-list.ts';
import { readConfiguration, readFiles } from '../config/read-configuration.ts';
import { expressionFilter, type LoadedFilter } from './loaded-filter.ts';

/** `folder` is fail2ban's configuration (/etc/fail2ban). */
export async function loadFilter(
  folder: string,
  text: string,
  logtype: 'file' | 'journal',
): Promise<Result<LoadedFilter>> {
  const named = readNamed(text);
  if (!named.ok) return named;
  const { name, options } = named.value;
  const file = findFile(folder, name);
  if (file === undefined) {
    // A word alone may be an expression; what looks like a file or has options is meant for a filter.
    if (!name.includes('/') && options.size === 0 && !/^[\w-]+$/.test(name))
      return ok(expressionFilter(text));
    return fail(
      'missing',
      `cannot find the filter ${name}: needs filter.d/${name}.conf in ${folder}, a file, or an expression`,
      {
        path: join(folder, 'filter.d'),
        hint: 'name the folder of the configuration with --folder',
      },
    );
  }
  const read = await readFilter(file);
  if (!read.ok) return read;
  const configuration = read.value;
  const resolved = resolveFilter({ configuration, options, logtype });
  const definition = resolved.ok ? filterDefinition(resolved.value) : resolved;
  if (!definition.ok) return { ok: false, problem: { ...definition.problem, path: file } };
  return ok({
    says: `filter ${text}`,
    definition: definition.value,
    place: (option) => placeOf(configuration, option),
  });
}

/** `FILE, line N` of an option as it was written last. */
function placeOf(configuration: Configuration, option: string): string | undefined {
  const value = configuration.find('Definition', option) ?? configuration.find('Init', option);
  return value === undefined ? undefined : `${value.path}, line ${value.line}`;
}

function findFile(folder: string, name: string): string | undefined {
  const names = /\.[^/]{0,4}$/.test(name) ? [name] : [name, `${name}.conf`, `${name}.local`];
  for (const each of names) {
    const path = each.includes('/')
      ? each
      : join(basename(folder) === 'filter.d' ? folder : join(folder, 'filter.d'), each);
    if (isFile(path)) return path;
  }
  return undefined;
}

/** A file of a filter.d is read with its .local and all; any other as it is, with what it includes. */
async function readFilter(file: string): Promise<Result<Configuration>> {
  const here = dirname(file);
  if (basename(here) !== 'filter.d') return await readFiles([file]);
  const name = basename(file).replace(/\.(?:conf|local)$/, '');
  const read = await readConfiguration(dirname(here), join('filter.d', name));
  if (!read.ok) return read;
  return read.value === undefined ? await readFiles([file]) : ok(read.value);
}
