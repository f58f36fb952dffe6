/**
 * The names of users and groups, both ways, as /etc/passwd and /etc/group hold them.
 *
 * An id without a name there (a network directory, a deleted account) is written as its number and
 * read back as one, so that nothing is lost or guessed.
 */
import { readFile } from 'node:fs/promises';
import { fail, ok, type Result } from '../base/result.ts';
import { sha1 } from './sha1.ts';

export interface Accounts {
  userName(uid: number): string;
  groupName(gid: number): string;
  userId(name: string): Result<number>;
  groupId(name: string): Result<number>;
}

export interface MachineAccounts extends Accounts {
  /** Changes when they do. */
  readonly stamp: string;
}

export async function readAccounts(): Promise<MachineAccounts> {
  const [users, groups] = await Promise.all([table('/etc/passwd'), table('/etc/group')]);
  return {
    stamp: sha1(users.text, '\0', groups.text),
    userName: (uid) => users.names.get(uid) ?? String(uid),
    groupName: (gid) => groups.names.get(gid) ?? String(gid),
    userId: (name) => lookUp('user', users.ids, name),
    groupId: (name) => lookUp('group', groups.ids, name),
  };
}

interface Table {
  readonly names: ReadonlyMap<number, string>;
  readonly ids: ReadonlyMap<string, number>;
  readonly text: string;
}

async function table(path: string): Promise<Table> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const names = new Map<number, string>();
  const ids = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (name === '' || !/^\d+$/.test(id)) continue;
    // The first line of an id or a name is the one that counts, as in getpwuid(3).
    if (!names.has(Number(id))) names.set(Number(id), name);
    if (!ids.has(name)) ids.set(name, Number(id));
  }
  return { names, ids, text };
}

function lookUp(what: string, ids: ReadonlyMap<string, number>, name: string): Result<number> {
  const id = ids.get(name) ?? (/^\d{1,10}$/.test(name) ? Number(name) : undefined);
  return id === undefined
    ? fail('missing', `cannot set the ${what}: it must exist on this machine: ${name}`, {
        hint: `look with: getent ${what === 'user' ? 'passwd' : 'group'} ${name}`,
      })
    : ok(id);
}
