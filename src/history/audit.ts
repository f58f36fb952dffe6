/**
 * Secrets that a history holds in clear already: one that was adopted, or one in which plain git has
 * committed a key. Every content of every branch and tag is looked at once, under each of its names. What
 * is found is told by place and form, never shown.
 */
import { ok, type Result } from '../base/result.ts';
import { type FolderProfile, folderProfile } from './folder-profile.ts';
import { metadataPath } from './metadata.ts';
import { pastedSecret } from './pasted-secret.ts';
import { readBlobs } from './read-blobs.ts';
import type { Repository } from './repository.ts';
import { isSecret } from './secret.ts';

export interface Exposed {
  readonly path: string;
  /** git's name of the content. */
  readonly blob: string;
  readonly what: string;
}

const atOnce = 500;

export async function auditHistory(repository: Repository): Promise<Result<Exposed[]>> {
  const act = 'look through the history';
  const named = await repository.git.run(act, [
    'log',
    '--all',
    '--root',
    '-m',
    '-r',
    '-z',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--format=',
  ]);
  if (!named.ok) return named;
  const places = placesIn(named.value);
  const found: Exposed[] = [];
  const profile = folderProfile(repository.folder);
  const blobs = [...places.keys()];
  for (let at = 0; at < blobs.length; at += atOnce) {
    const contents = await readBlobs(repository, blobs.slice(at, at + atOnce));
    if (!contents.ok) return contents;
    for (const [blob, content] of contents.value) {
      for (const path of places.get(blob) ?? []) {
        const what = exposed(path, content, profile);
        if (what !== undefined) found.push({ path, blob, what });
      }
    }
  }
  return ok(found.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
}

function exposed(path: string, content: Buffer, profile: FolderProfile | undefined): string | undefined {
  if (isSecret(path, content, profile))
    return content.length === 0 ? undefined : 'a key or a file of passwords';
  const pasted = pastedSecret(content);
  return pasted === undefined ? undefined : `line ${pasted.line}: ${pasted.what}`;
}

/** Content → the paths that it ever had. */
function placesIn(raw: string): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  const parts = raw.split('\0');
  for (let index = 0; index + 1 < parts.length; index += 1) {
    const [, mode = '', , blob = ''] =
      /^\n?:\d+ (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*$/.exec(parts[index] ?? '') ?? [];
    if (mode === '') continue;
    index += 1;
    const path = parts[index] ?? '';
    const isFile = mode.startsWith('100') && path !== metadataPath;
    if (isFile) places.set(blob, (places.get(blob) ?? new Set()).add(path));
  }
  return places;
}
