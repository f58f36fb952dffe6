/** An edit made ready: checked against the folder, owners as numbers, and the path as it was before. */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type Accounts, readAccounts } from '../host/accounts.ts';
import { sameAttributes } from '../host/extended-attributes.ts';
import { isFolder } from '../host/files.ts';
import { relativePath } from '../host/relative-path.ts';
import { scanFolder } from '../host/scan-folder.ts';
import { type PathState, putPathState, readPathState } from '../host/path-state.ts';
import { folderProfile } from '../history/folder-profile.ts';
import { isSecret } from '../history/secret.ts';
import type { Service } from './service.ts';

export interface PreparedEdit {
  readonly path: string;
  /** Absent: there was no such path. */
  readonly before?: PathState;
  /** Absent: the path is removed. */
  readonly after?: PathState;
}

/** The edits that change anything, in their order. */
export async function prepareEdits(
  folder: string,
  edits: readonly Edit[],
  secrets: Service['secrets'] = { group: 'root', mode: 0o600 },
): Promise<Result<PreparedEdit[]>> {
  const accounts = await readAccounts();
  const prepared: PreparedEdit[] = [];
  const seen = new Map<string, Edit>();
  for (const edit of edits) {
    const place = await allowed(folder, edit, seen);
    if (!place.ok) return place;
    const before = await readPathState(edit.path);
    if (!before.ok) return before;
    if (edit.kind === undefined && before.value !== undefined && before.value.kind !== 'file') {
      return fail('configuration', `cannot change ${edit.path}: it must be a regular file: it is none`, {
        path: edit.path,
      });
    }
    const after = await wanted(closed(folder, edit, before.value, secrets), before.value, accounts);
    if (!after.ok) return after;
    if (same(before.value, after.value)) continue;
    prepared.push({
      path: edit.path,
      ...(before.value === undefined ? {} : { before: before.value }),
      ...(after.value === undefined ? {} : { after: after.value }),
    });
  }
  return await linkedBack(folder, prepared);
}

/**
 * Names of one file become so again when they are put back: from the last edit to the first. Where no other
 * name of it is edited, one that stays serves.
 */
async function linkedBack(folder: string, edits: readonly PreparedEdit[]): Promise<Result<PreparedEdit[]>> {
  const places = await stayingNames(folder, edits);
  if (!places.ok) return places;
  const linked = edits.toReversed().map((edit) => {
    const inode = edit.before?.inode;
    const other = inode === undefined ? undefined : places.value.get(inode);
    if (inode !== undefined && other === undefined) places.value.set(inode, edit.path);
    if (edit.before === undefined || other === undefined) return edit;
    return { ...edit, before: { ...edit.before, sameAs: relativePath(edit.path, other) } };
  });
  return ok(linked.toReversed());
}

/** Inode → a name of it that no edit touches. */
async function stayingNames(
  folder: string,
  edits: readonly PreparedEdit[],
): Promise<Result<Map<string, string>>> {
  const inodes = new Set(edits.map(({ before }) => before?.inode));
  inodes.delete(undefined);
  const names = new Map<string, string>();
  if (inodes.size === 0) return ok(names);
  const edited = new Set(edits.map(({ path }) => path));
  const scan = await scanFolder(folder, {
    skip: (path) => (path === '.git' ? 'belongs to git' : undefined),
    largestFile: 0,
    isKnown: () => true,
  });
  if (!scan.ok) return scan;
  for (const { path, inode } of scan.value.found) {
    const full = `${folder}/${path}`;
    if (inodes.has(inode) && !edited.has(full)) names.set(inode, full);
  }
  return ok(names);
}

export async function putFile(path: string, state: PathState | undefined): Promise<Result<void>> {
  return await putPathState(path, state);
}

async function allowed(folder: string, edit: Edit, seen: Map<string, Edit>): Promise<Result<void>> {
  const { path } = edit;
  const act = `cannot change ${path}`;
  const parts = path.split('/').slice(1);
  const isRoot = path === folder && edit.kind === 'folder' && edit.content !== null;
  if (
    !(isRoot || path.startsWith(`${folder}/`)) ||
    parts.some((part) => part === '' || part === '.' || part === '..')
  ) {
    return fail('usage', `${act}: it must lie in ${folder}, written plainly: it does not`, { path });
  }
  if (parts.includes('.git')) {
    return fail('usage', `${act}: a change edits configuration: this belongs to git`, { path });
  }
  if (seen.has(path)) return fail('usage', `${act}: a change has one edit a file: there are two`, { path });
  seen.set(path, edit);
  const parent = path.slice(0, path.lastIndexOf('/'));
  const made = seen.get(parent);
  if (made === undefined ? await isFolder(parent) : made.kind === 'folder') return ok();
  return fail('missing', `${act}: its folder must exist: there is no ${parent}`, {
    path,
    hint: `make it first: install -d ${parent}`,
  });
}

/** A new secret is never open to others, not even by default. */
function closed(
  folder: string,
  edit: Edit,
  before: PathState | undefined,
  secrets: NonNullable<Service['secrets']>,
): Edit {
  if (before !== undefined || edit.content === null || edit.mode !== undefined) return edit;
  const path = edit.path.slice(folder.length + 1);
  return isSecret(path, edit.content, folderProfile(folder)) ? { ...secrets, ...edit } : edit;
}

async function wanted(
  edit: Edit,
  before: PathState | undefined,
  accounts: Accounts,
): Promise<Result<PathState | undefined>> {
  if (edit.content === null) return ok(undefined);
  const look = before ?? { uid: 0, gid: 0, mode: 0o644, attributes: new Map<string, Buffer>() };
  const uid = edit.owner === undefined ? ok(look.uid) : accounts.userId(edit.owner);
  if (!uid.ok) return uid;
  const gid = edit.group === undefined ? ok(look.gid) : accounts.groupId(edit.group);
  if (!gid.ok) return gid;
  const attributes =
    edit.attributes === undefined
      ? look.attributes
      : new Map([...edit.attributes].map(([name, value]) => [name, Buffer.from(value)]));
  return ok({
    kind: edit.kind ?? 'file',
    uid: uid.value,
    gid: gid.value,
    mode: edit.mode ?? look.mode,
    content: Buffer.from(edit.content),
    attributes,
    ...(edit.device === undefined ? {} : { device: edit.device }),
    ...(edit.sameAs === undefined ? {} : { sameAs: relativePath(edit.path, edit.sameAs) }),
  });
}

/** A hard link is always put: that the file has the content says nothing of whether it is the same one. */
function same(a: PathState | undefined, b: PathState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    b.sameAs === undefined &&
    a.kind === b.kind &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.mode === b.mode &&
    a.device === b.device &&
    a.content.equals(b.content) &&
    sameAttributes(a.attributes, b.attributes)
  );
}
