/**
 * The files that a configuration relies on without asking whether they are there. `-bV` passes without
 * them; at run time `hosts = lsearch;/nonexistent` in a deny lets everybody in, and a missing key turns
 * STARTTLS into 454.
 */
import { type Complaint, complaintAbout } from './complaint.ts';
import { literalItems } from './list-items.ts';
import { listKindOf } from './list-options.ts';
import type { ListedOption } from './listing.ts';

export interface NamedFileUse {
  readonly path: string;
  readonly missing: Complaint;
}

const lookedUp =
  /\}\s*(?:partial\S*?-)?(?:n?wildlsearch|lsearch|(?:net\S*?-)?iplsearch|dbm\w*|cdb|dsearch|lmdb|json)(?:[*@,][^{]*)?\s*\{\s*(\/[^\s{}$]+)\s*\}/g;
const tlsFile = /^tls_(?:certificate|privatekey|verify_certificates|crl|dhparam|ocsp_file)$/;

export function namedFiles(options: readonly ListedOption[]): NamedFileUse[] {
  return options.flatMap((option) => {
    const paths = [...inLookups(option), ...inLists(option), ...inTls(option)];
    // `${if exists{PATH}…` asks first.
    return paths
      .filter((path) => !option.value.includes(`exists{${path}}`))
      .map((path) => ({ path, missing: complaintAbout(option, `Exim must be able to read ${path}`) }));
  });
}

function inLookups({ value }: ListedOption): string[] {
  return [...value.matchAll(lookedUp)].flatMap(([, path]) => path ?? []);
}

function inLists(option: ListedOption): string[] {
  if (listKindOf(option) === undefined) return [];
  return literalItems(option.value).flatMap(
    ({ text }) =>
      /^(?:[\w.*@,=-]+(?:\([^)]*\))?[\w.*@,=-]*\s*;\s*)(\/\S+)$/.exec(text)?.[1] ??
      /^(\/\S+)$/.exec(text)?.[1] ??
      [],
  );
}

function inTls({ section, name, value }: ListedOption): string[] {
  if (!tlsFile.test(name) || (section !== 'main' && section !== 'transports')) return [];
  return literalItems(value).flatMap(({ text }) => (/^\/\S+$/.test(text) ? [text] : []));
}
