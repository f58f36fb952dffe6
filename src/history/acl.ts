/**
 * An ACL in the kernel's form (the value of system.posix_acl_access) ↔ setfacl(1)'s words:
 * `u::rw-,u:alice:r--,g::r--,m::rw-,o::---`, accounts by name. Undefined for what is not of that form.
 */
import type { Accounts } from '../host/accounts.ts';

const tags = { 1: 'u', 2: 'u', 4: 'g', 8: 'g', 16: 'm', 32: 'o' } as const;
const version = 2;
const nobody = 0xffff_ffff;
const named = new Set([2, 8]);

export function aclText(value: Buffer, accounts: Accounts): string | undefined {
  if (value.length < 4 || value.length % 8 !== 4 || value.readUInt32LE(0) !== version) return undefined;
  const words: string[] = [];
  for (let at = 4; at < value.length; at += 8) {
    const tag = value.readUInt16LE(at);
    const permissions = value.readUInt16LE(at + 2);
    const letter = tags[tag as keyof typeof tags];
    if (letter === undefined || permissions > 7) return undefined;
    const id = value.readUInt32LE(at + 4);
    if (!named.has(tag) && id !== nobody) return undefined;
    const account = letter === 'u' ? accounts.userName(id) : accounts.groupName(id);
    // A name that would not read back as one word is given as its number.
    const name = !named.has(tag) ? '' : /^[\w.$-]+$/.test(account) ? account : String(id);
    words.push(`${letter}:${name}:${letters(permissions)}`);
  }
  return words.join(',');
}

export function aclValue(text: string, accounts: Accounts): Buffer | undefined {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(version);
  const parts = [head];
  for (const word of text === '' ? [] : text.split(',')) {
    const [, letter = '', name = '', r, w, x] = /^([ugmo]):([\w.$-]*):([r-])([w-])([x-])$/.exec(word) ?? [];
    const base = { u: 1, g: 4, m: 16, o: 32 }[letter];
    if (base === undefined || (name !== '' && base > 4)) return undefined;
    const id = name === '' ? undefined : letter === 'u' ? accounts.userId(name) : accounts.groupId(name);
    if (id?.ok === false) return undefined;
    const part = Buffer.alloc(8);
    part.writeUInt16LE(id === undefined ? base : base * 2, 0);
    part.writeUInt16LE((r === 'r' ? 4 : 0) + (w === 'w' ? 2 : 0) + (x === 'x' ? 1 : 0), 2);
    part.writeUInt32LE(id?.value ?? nobody, 4);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function letters(permissions: number): string {
  return [4, 2, 1].map((bit, index) => ((permissions & bit) === 0 ? '-' : 'rwx'.charAt(index))).join('');
}
