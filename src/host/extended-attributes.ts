/**
 * The extended attributes of a path, ACLs among them (`system.posix_acl_access`); a link is not followed.
 *
 * Left alone is what the kernel or a policy derives for each file by itself (SELinux labels, IMA, EVM,
 * overlayfs): put back elsewhere it would be wrong. A file system without attributes has none.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { cLibrary } from './c-library.ts';

export type Attributes = ReadonlyMap<string, Buffer>;

const none: Attributes = new Map();
const derived = /^(?:security\.(?:selinux|ima|evm|SMACK64.*)|trusted\.overlay\..*)$/;

const names = Buffer.alloc(65_536);
const value = Buffer.alloc(65_536);

/** Of a path, or of an open file. */
export function readAttributes(place: string | number): Attributes {
  const library = cLibrary();
  if (library === undefined) return none;
  const size = Number(
    typeof place === 'string'
      ? library.llistxattr(place, names, BigInt(names.length))
      : library.flistxattr(place, names, BigInt(names.length)),
  );
  if (size <= 0) return none;
  const found = new Map<string, Buffer>();
  for (const name of names.toString('utf8', 0, size).split('\0')) {
    if (name === '' || derived.test(name)) continue;
    const length = Number(
      typeof place === 'string'
        ? library.lgetxattr(place, name, value, BigInt(value.length))
        : library.fgetxattr(place, name, value, BigInt(value.length)),
    );
    if (length >= 0) found.set(name, Buffer.from(value.subarray(0, length)));
  }
  return found;
}

/** Makes the attributes of `path` these, and no others. */
export function writeAttributes(path: string, wanted: Attributes): Result<void> {
  const present = readAttributes(path);
  if (wanted.size === 0 && present.size === 0) return ok();
  const library = cLibrary();
  const refused = (name: string, why: string): Result<void> =>
    fail('unavailable', `cannot set the attribute ${name} of ${path}: ${why}`, { path });
  if (library === undefined) return refused([...wanted.keys()].join(', '), 'it needs the C library: glibc');
  for (const name of present.keys()) {
    if (!wanted.has(name) && library.lremovexattr(path, name) !== 0) {
      return refused(name, `the kernel must let it go: error ${library.error()}`);
    }
  }
  for (const [name, bytes] of wanted) {
    if (present.get(name)?.equals(bytes) === true) continue;
    if (library.lsetxattr(path, name, bytes, BigInt(bytes.length), 0) !== 0) {
      return refused(name, `the file system must take it: error ${library.error()}`);
    }
  }
  return ok();
}

export function sameAttributes(a: Attributes, b: Attributes): boolean {
  return a.size === b.size && [...a].every(([name, bytes]) => b.get(name)?.equals(bytes) === true);
}
