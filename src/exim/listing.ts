/**
 * The configuration as Exim itself read it (`exim4 -bP config`): macros replaced, files included, lines
 * joined. Which options it sets where, and which ACLs, routers, transports and named lists it defines.
 */
export type Section =
  | 'main'
  | 'acl'
  | 'routers'
  | 'transports'
  | 'authenticators'
  | 'rewrite'
  | 'retry'
  | 'other';

export interface ListedOption {
  readonly section: Section;
  /** The ACL, router, transport or authenticator that it belongs to; empty in the main part. */
  readonly block: string;
  /** In an ACL with its `!`, or `set acl_m_x`; a rewrite or retry rule has the section's name. */
  readonly name: string;
  /** Quotes and their escapes removed. */
  readonly value: string;
}

export type ListKind = 'domainlist' | 'hostlist' | 'addresslist' | 'localpartlist';

export interface Listing {
  readonly options: readonly ListedOption[];
  /** Names of ACLs, transports and so on, by section. */
  readonly blocks: ReadonlyMap<Section, ReadonlySet<string>>;
  readonly lists: ReadonlyMap<ListKind, ReadonlySet<string>>;
}

const sections = ['acl', 'routers', 'transports', 'authenticators', 'rewrite', 'retry'] as const;

export function parseListing(text: string): Listing {
  const options: ListedOption[] = [];
  const blocks = new Map<Section, Set<string>>();
  const lists = new Map<ListKind, Set<string>>();
  let section: Section = 'main';
  let block = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const begun = /^begin\s+(\w+)$/.exec(line)?.[1];
    const named = /^(\w+):$/.exec(line)?.[1];
    // A macro's definition is listed as well; what counts is where it is used.
    if (line === '' || line.startsWith('#') || /^[A-Z]\w*\s*=/.test(line)) continue;
    if (begun !== undefined) {
      section = sections.find((known) => known === begun) ?? 'other';
      block = '';
    } else if (named !== undefined && section !== 'main') {
      block = named;
      add(blocks, section, named);
    } else if (section === 'rewrite' || section === 'retry') {
      options.push({ section, block, name: section, value: line });
    } else {
      const list = /^(?:hide\s+)?(domain|host|address|localpart)list(?:_cache)?\s+(\w+)\s*=/.exec(line);
      if (list !== null) add(lists, `${list[1]}list` as ListKind, list[2] ?? '');
      const option = readOption(line, section);
      if (option !== undefined) options.push({ section, block, ...option });
    }
  }
  return { options, blocks, lists };
}

/** Tells whether an option stands in a listing, wherever its line is. */
export function optionKey({ section, block, name, value }: ListedOption): string {
  return JSON.stringify([section, block, name, value]);
}

function readOption(line: string, section: Section): { name: string; value: string } | undefined {
  const pattern =
    section === 'acl'
      ? /^(?:(?:accept|defer|deny|discard|drop|require|warn)\s+)?((?:set\s+\w+)|(?:!?\s*\w+))\s*=\s*(.*)$/
      : /^(?:hide\s+)?((?:\w+list(?:_cache)?\s+)?\w+)\s*=\s*(.*)$/;
  const [, name, value = ''] = pattern.exec(line) ?? [];
  return name === undefined ? undefined : { name: name.replace(/\s+/g, ' '), value: unquoted(value) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  const end = value.length > 1 && value.endsWith('"') ? -1 : undefined;
  return value.slice(1, end).replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
}

function add<Key>(map: Map<Key, Set<string>>, key: Key, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}
