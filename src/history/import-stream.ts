/**
 * A commit in the language of git fast-import(1): bytes with their lengths, so that neither a reason
 * nor a file name nor a file's content can be taken for anything else.
 */
import type { Person } from '../host/person.ts';
import type { Entry } from './entry.ts';

export interface Import {
  readonly branch: string;
  /** The commit that this one follows; none for the first. */
  readonly parent?: string;
  readonly author: Person;
  readonly committer: Person;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
  readonly removed: readonly string[];
  /** Without content: the history holds it already, by the name in the entry. */
  readonly written: readonly {
    readonly path: string;
    readonly entry: Entry;
    readonly content?: Uint8Array;
  }[];
}

export function importStream(commit: Import): Buffer {
  const when = `${Math.floor(commit.at / 1000)} +0000`;
  const parts: Uint8Array[] = [
    Buffer.from(
      `feature done\nfeature get-mark\ncommit ${commit.branch}\nmark :1\n` +
        `author ${identity(commit.author)} ${when}\ncommitter ${identity(commit.committer)} ${when}\n`,
    ),
    ...data(Buffer.from(commit.message)),
  ];
  if (commit.parent !== undefined) parts.push(Buffer.from(`from ${commit.parent}\n`));
  // Removals first: a folder may take the place of a file.
  for (const path of commit.removed) parts.push(Buffer.from(`D ${quote(path)}\n`));
  for (const { path, entry, content } of commit.written) {
    const name = content === undefined ? entry.blob : 'inline';
    parts.push(
      Buffer.from(`M ${treeMode(entry)} ${name} ${quote(path)}\n`),
      ...(content === undefined ? [] : data(content)),
    );
  }
  // Answers with the new commit's name.
  parts.push(Buffer.from('get-mark :1\ndone\n'));
  return Buffer.concat(parts);
}

function treeMode({ kind, mode }: Entry): string {
  if (kind === 'link') return '120000';
  return (mode & 0o100) === 0 ? '100644' : '100755';
}

function data(content: Uint8Array): Uint8Array[] {
  return [Buffer.from(`data ${content.length}\n`), content, Buffer.from('\n')];
}

function identity({ name, email }: Person): string {
  return `${name.replace(/[<>\n]/g, '')} <${email.replace(/[<>\n ]/g, '')}>`;
}

/** C-style, as git quotes: always, so that no path needs to be looked at for whether it must be. */
function quote(path: string): string {
  // oxlint-disable-next-line no-control-regex -- a file name may hold any byte but / and NUL
  const escaped = path.replace(/["\\\u0001-\u001f\u007f]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\${code.toString(8).padStart(3, '0')}`;
  });
  return `"${escaped}"`;
}
