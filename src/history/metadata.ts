/**
 * What git does not keep (owner, group, mode, ACLs and other extended attributes, empty folders, hard
 * links, special files, that a file is a secret), as a text that is part of each commit: a line a path, sorted, so that `git log -p` shows a chmod as
 * one changed line. It is data: nothing ever runs it. Decisions 0015, 0031.
 *
 *     file   0640 root Debian-exim passwd.client secret 0c5e…
 *     folder 0755 root root conf.d
 *     file   0640 root root hosts same-as hosts.old
 *     device 0666 root root null device c 1:3
 *     file   0640 root root list with acl=u::rw-,u:alice:r--,g::r--,m::r--,o::--- user.note=aGk=
 *
 * A path that is not plain is written as a JSON string.
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Entry } from './entry.ts';

/** Its place in the tree of a commit; no such file is ever in the folder. */
export const metadataPath = '.portreeve';

const heading = '# kind mode owner group path; written by portreeve, read as data\n';
const kinds = ['file', 'folder', 'link', 'fifo', 'socket', 'device'] as const;
const plain = /^[\w.@%+=:,/~-]+$/;

export type Metadata = Omit<Entry, 'blob'>;

export function formatMetadata(entries: ReadonlyMap<string, Metadata>): string {
  const paths = [...entries.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  let text = heading;
  for (const path of paths) {
    const entry = entries.get(path);
    if (entry === undefined) continue;
    const { kind, mode, owner, group, fingerprint, sameAs, device, attributes } = entry;
    text += `${kind.padEnd(6)} ${mode.toString(8).padStart(4, '0')} ${owner} ${group} ${shown(path)}`;
    if (fingerprint !== undefined) text += ` secret ${fingerprint}`;
    if (sameAs !== undefined) text += ` same-as ${shown(sameAs)}`;
    if (device !== undefined) text += ` device ${device}`;
    if (attributes !== undefined) text += ` with ${attributes}`;
    text += '\n';
  }
  return text;
}

function shown(path: string): string {
  return plain.test(path) ? path : JSON.stringify(path);
}

const name = '("(?:[^"\\\\]|\\\\.)*"|[^ "]+)';
const shape = new RegExp(
  String.raw`^(\w+) +([0-7]{4}) ([^ ]{1,64}) ([^ ]{1,64}) ${name}(?: secret ([0-9a-f]{1,64}))?` +
    String.raw`(?: same-as ${name})?(?: device ([cb] \d{1,10}:\d{1,10}))?(?: with ([^ =]+=\S*(?: [^ =]+=\S*)*))?$`,
);

export function parseMetadata(text: string): Result<Map<string, Metadata>> {
  const entries = new Map<string, Metadata>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, kindText, mode, owner, group, pathText, fingerprint, otherText, device, attributes] =
      shape.exec(line) ?? [];
    const kind = kinds.find((each) => each === kindText);
    const path = unquote(pathText);
    const sameAs = unquote(otherText);
    const misread = otherText !== undefined && sameAs === undefined;
    if (kind === undefined || path === undefined || owner === undefined || group === undefined || misread) {
      return fail(
        'configuration',
        `cannot read the recorded owners and modes: a line must hold kind, mode, owner, group and path: line ${index + 1} does not`,
        { path: metadataPath },
      );
    }
    entries.set(path, {
      kind,
      mode: Number.parseInt(mode ?? '0', 8),
      owner,
      group,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(sameAs === undefined ? {} : { sameAs }),
      ...(device === undefined ? {} : { device }),
      ...(attributes === undefined ? {} : { attributes }),
    });
  }
  return ok(entries);
}

function unquote(text: string | undefined): string | undefined {
  if (text?.startsWith('"') !== true) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
