/**
 * Random edits of a folder, as administrators and their tools make them: content, chmod, chown, ACLs,
 * attributes, renames, links of both kinds, fifos, empty folders, removals. An edit that cannot be made
 * (nothing there, a folder in the way) is left out. And what a tree is, to compare two.
 */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { cLibrary } from '../src/host/c-library.ts';
import { readAttributes, writeAttributes } from '../src/host/extended-attributes.ts';

export interface RandomEdit {
  readonly verb: (typeof verbs)[number];
  readonly path: string;
  readonly other: string;
  readonly number: number;
}

const verbs = [
  'write',
  'write',
  'append',
  'chmod',
  'chown',
  'acl',
  'attribute',
  'rename',
  'symlink',
  'link',
  'fifo',
  'folder',
  'remove',
] as const;
const paths = ['a', 'b', 'line\nend', 'd', 'd/e', 'd/f', 'd/g', 'd/g/h', 'conf.d', 'conf.d/10 main', 'ü'];

const edit: fc.Arbitrary<RandomEdit> = fc.record({
  verb: fc.constantFrom(...verbs),
  path: fc.constantFrom(...paths),
  other: fc.constantFrom(...paths),
  number: fc.nat({ max: 0o7777 }),
});

/** Rounds of edits; after each the tree is recorded. */
export const randomRounds: fc.Arbitrary<RandomEdit[][]> = fc.array(
  fc.array(edit, { minLength: 1, maxLength: 6 }),
  { minLength: 2, maxLength: 6 },
);

export function makeEdit(folder: string, { verb, path, other, number }: RandomEdit): void {
  const full = join(folder, path);
  try {
    change(verb, { folder, full, other: join(folder, other), number });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
  }
}

interface Place {
  readonly folder: string;
  readonly full: string;
  readonly other: string;
  readonly number: number;
}

function change(verb: RandomEdit['verb'], { full, other, number }: Place): void {
  if (['write', 'symlink', 'link', 'fifo', 'folder'].includes(verb)) {
    mkdirSync(dirname(full), { recursive: true });
  }
  switch (verb) {
    case 'write':
      if (lstatSync(full, { throwIfNoEntry: false })?.isFIFO() === true) return;
      writeFileSync(full, `${'line of text\n'.repeat(number % 5)}${number}\r\n`);
      return;
    case 'append':
      if (lstatSync(full).isFile()) appendFileSync(full, `${number}\n`);
      return;
    case 'chmod':
      if (!lstatSync(full).isSymbolicLink()) chmodSync(full, number);
      return;
    case 'chown':
      lchownSync(full, number % 20, number % 10);
      return;
    case 'acl':
      if (!lstatSync(full).isSymbolicLink()) setAttribute(full, 'system.posix_acl_access', acl(number));
      return;
    case 'attribute':
      setAttribute(full, 'user.note', Buffer.from(String(number)));
      return;
    case 'rename':
      renameSync(full, other);
      return;
    case 'symlink':
      rmSync(full, { force: true });
      symlinkSync(number % 2 === 0 ? other : '../nowhere', full);
      return;
    case 'link':
      linkSync(other, full);
      return;
    case 'fifo':
      cLibrary()?.mknod(full, 0o010000 | (number & 0o777), 0n);
      return;
    case 'folder':
      mkdirSync(full, { recursive: true });
      return;
    case 'remove':
      rmSync(full, { recursive: true });
  }
}

function setAttribute(path: string, name: string, value: Buffer): void {
  writeAttributes(path, new Map([...readAttributes(path), [name, value]]));
}

/** user::rw-, user:N:r--, group::r--, mask::…, other::--- */
function acl(number: number): Buffer {
  const value = Buffer.alloc(44);
  value.writeUInt32LE(2);
  for (const [index, [tag, permissions, id]] of [
    [1, 6, 0xffff_ffff],
    [2, 4, number % 20],
    [4, 4, 0xffff_ffff],
    [16, number % 8, 0xffff_ffff],
    [32, 0, 0xffff_ffff],
  ].entries()) {
    value.writeUInt16LE(tag ?? 0, 4 + 8 * index);
    value.writeUInt16LE(permissions ?? 0, 6 + 8 * index);
    value.writeUInt32LE(id ?? 0, 8 + 8 * index);
  }
  return value;
}

/** Path → all that it is, in words; read by other means than the history reads. */
export function treeFacts(folder: string): Map<string, string> {
  const facts = new Map<string, string>();
  const inodes = new Map<number, string>();
  const visit = (path: string): void => {
    const full = join(folder, path);
    const stats = lstatSync(full);
    const attributes = [...readAttributes(full)].map(([name, value]) => `${name}=${value.toString('hex')}`);
    const content = stats.isSymbolicLink()
      ? readlinkSync(full)
      : stats.isFile()
        ? createHash('sha256').update(readFileSync(full)).digest('hex')
        : '';
    const first = stats.isDirectory() ? path : (inodes.get(stats.ino) ?? path);
    inodes.set(stats.ino, first);
    facts.set(
      path,
      [stats.mode.toString(8), stats.uid, stats.gid, content, first, ...attributes.toSorted()].join(' '),
    );
    if (!stats.isDirectory()) return;
    for (const name of readdirSync(full).toSorted()) {
      if (path !== '.' || !ours.has(name)) visit(join(path, name));
    }
  };
  visit('.');
  return facts;
}

/** What a tool keeps in the folder for itself. */
const ours = new Set(['.git', '.etckeeper', '.gitignore']);

/** Paths that are not the same on both sides. */
export function lostPaths(wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].filter(
    (path) => wanted.get(path) !== found.get(path),
  );
}
