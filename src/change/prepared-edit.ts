/** An edit made ready: checked against the folder, owners as numbers, and the file as it was before. */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type Accounts, readAccounts } from '../host/accounts.ts';
import { isFolder } from '../host/files.ts';
import { removeFile, replaceFile, type Look } from '../host/replace-file.ts';
import { readWholeFile, type WholeFile } from '../host/whole-file.ts';
import { isSecret } from '../history/secret.ts';
import type { Service } from './service.ts';

export interface PreparedEdit {
  readonly path: string;
  /** Absent: there was no such file. */
  readonly before?: WholeFile;
  /** Absent: the file is removed. */
  readonly after?: WholeFile;
}

/** The edits that change anything, in their order. */
export async function prepareEdits(
  folder: string,
  edits: readonly Edit[],
  secrets: Service['secrets'] = { group: 'root', mode: 0o600 },
): Promise<Result<PreparedEdit[]>> {
  const accounts = await readAccounts();
  const prepared: PreparedEdit[] = [];
  const seen = new Set<string>();
  for (const edit of edits) {
    const place = await allowed(folder, edit.path, seen);
    if (!place.ok) return place;
    const before = await readWholeFile(edit.path);
    if (!before.ok) return before;
    const after = await wanted(closed(edit, before.value, secrets), before.value, accounts);
    if (!after.ok) return after;
    if (same(before.value, after.value)) continue;
    prepared.push({
      path: edit.path,
      ...(before.value === undefined ? {} : { before: before.value }),
      ...(after.value === undefined ? {} : { after: after.value }),
    });
  }
  return ok(prepared);
}

export async function putFile(path: string, file: WholeFile | undefined): Promise<Result<void>> {
  return file === undefined ? await removeFile(path) : await replaceFile(path, file.content, file);
}

async function allowed(folder: string, path: string, seen: Set<string>): Promise<Result<void>> {
  const act = `cannot change ${path}`;
  const parts = path.split('/').slice(1);
  if (!path.startsWith(`${folder}/`) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    return fail('usage', `${act}: it must lie in ${folder}, written plainly: it does not`, { path });
  }
  if (parts.includes('.git')) {
    return fail('usage', `${act}: a change edits configuration: this belongs to git`, { path });
  }
  if (seen.has(path)) return fail('usage', `${act}: a change has one edit a file: there are two`, { path });
  seen.add(path);
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (await isFolder(parent)) return ok();
  return fail('missing', `${act}: its folder must exist: there is no ${parent}`, {
    path,
    hint: `make it first: install -d ${parent}`,
  });
}

/** A new secret is never open to others, not even by default. */
function closed(edit: Edit, before: WholeFile | undefined, secrets: NonNullable<Service['secrets']>): Edit {
  if (before !== undefined || edit.content === null || edit.mode !== undefined) return edit;
  return isSecret(edit.path, edit.content) ? { ...secrets, ...edit } : edit;
}

async function wanted(
  edit: Edit,
  before: WholeFile | undefined,
  accounts: Accounts,
): Promise<Result<WholeFile | undefined>> {
  if (edit.content === null) return ok(undefined);
  const look: Look = before ?? { uid: 0, gid: 0, mode: 0o644 };
  const uid = edit.owner === undefined ? ok(look.uid) : accounts.userId(edit.owner);
  if (!uid.ok) return uid;
  const gid = edit.group === undefined ? ok(look.gid) : accounts.groupId(edit.group);
  if (!gid.ok) return gid;
  return ok({
    uid: uid.value,
    gid: gid.value,
    mode: edit.mode ?? look.mode,
    content: Buffer.from(edit.content),
  });
}

function same(a: WholeFile | undefined, b: WholeFile | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.uid === b.uid && a.gid === b.gid && a.mode === b.mode && a.content.equals(b.content);
}
