/** Brings a database to the newest form of its tables: each file of `migrations/` once, in order. */
import { fail, ok, type Result } from '../base/result.ts';
import type { Database } from '../host/database.ts';
import { listFolder, readText } from '../host/files.ts';
import { checkout } from '../host/checkout.ts';

const folder = `${checkout}/src/store/migrations/`;

export async function migrate(file: Database, path: string): Promise<Result<void>> {
  const listed = await listFolder(folder);
  if (!listed.ok) return listed;
  const names = listed.value.filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).toSorted();
  const version = file.read('read', () => Number(file.rows('PRAGMA user_version')[0]?.['user_version'] ?? 0));
  if (!version.ok) return version;
  if (version.value > names.length) {
    return fail(
      'configuration',
      `cannot use ${path}: needs tables of version ${names.length} or older: they are of version ${version.value}`,
      { path, hint: 'a newer Portreeve made it: run that one, or name another PORTREEVE_STATE' },
    );
  }
  for (const [place, name] of names.entries()) {
    if (place < version.value) continue;
    const sql = await readText(folder + name);
    if (!sql.ok) return sql;
    const made = file.write('make the tables of', () => {
      file.run(`${sql.value}; PRAGMA user_version = ${place + 1}`);
    });
    if (!made.ok) return made;
  }
  return ok();
}
