/**
 * What `exim4 -bV` does not follow: names of ACLs, transports and named lists that are defined nowhere,
 * and ports that there cannot be. A name that is put together by expansion is not judged.
 */
import { type Complaint, complaintAbout } from './complaint.ts';
import { literalItems } from './list-items.ts';
import { listKindOf } from './list-options.ts';
import type { ListedOption, Listing } from './listing.ts';

export function checkReferences(listing: Listing, options: readonly ListedOption[]): Complaint[] {
  return options.flatMap((option) => [
    ...missingAcl(listing, option),
    ...missingTransport(listing, option),
    ...missingLists(listing, option),
    ...impossiblePorts(option),
  ]);
}

/** A single word may also be an ACL written in place. */
const verbs: ReadonlySet<string> = new Set(['accept', 'defer', 'deny', 'discard', 'drop', 'require', 'warn']);

function missingAcl(listing: Listing, option: ListedOption): Complaint[] {
  const { section, name, value } = option;
  const names =
    section === 'main' ? /^acl_(?:smtp|not_smtp)/.test(name) : section === 'acl' && /^!? ?acl$/.test(name);
  const named = section === 'acl' ? value.split(/\s/)[0] : value;
  if (!names || named === undefined || !/^\w+$/.test(named) || verbs.has(named)) return [];
  return listing.blocks.get('acl')?.has(named) === true
    ? []
    : [complaintAbout(option, `there is no ACL ${named}`)];
}

function missingTransport(listing: Listing, option: ListedOption): Complaint[] {
  const { section, name, value } = option;
  const names = section === 'routers' && /^(?:(?:file|pipe|directory|reply)_)?transport$/.test(name);
  if (!names || !/^[\w-]+$/.test(value)) return [];
  return listing.blocks.get('transports')?.has(value) === true
    ? []
    : [complaintAbout(option, `there is no transport ${value}`)];
}

/** `+include_unknown` and kin say how a list is read. */
const wordsOfLists: ReadonlySet<string> = new Set([
  'include_unknown',
  'ignore_unknown',
  'include_defer',
  'ignore_defer',
  'caseful',
]);

function missingLists(listing: Listing, option: ListedOption): Complaint[] {
  const kind = listKindOf(option);
  if (kind === undefined) return [];
  // An address may be matched by a domain list, too.
  const kinds = kind === 'addresslist' ? (['addresslist', 'domainlist'] as const) : [kind];
  return literalItems(option.value).flatMap(({ text }) => {
    const named = /^\+(\w+)$/.exec(text)?.[1];
    if (named === undefined || wordsOfLists.has(named)) return [];
    return kinds.some((each) => listing.lists.get(each)?.has(named))
      ? []
      : [complaintAbout(option, `there is no ${kind} ${named}`)];
  });
}

/** Exim takes 99999 for a port, and listens on what is left of it in 16 bits. */
function impossiblePorts(option: ListedOption): Complaint[] {
  const { section, name, value } = option;
  if (section !== 'main' || !/^(?:daemon_smtp_ports?|tls_on_connect_ports)$/.test(name)) return [];
  return literalItems(value).flatMap(({ text }) =>
    /^\d+$/.test(text) && (Number(text) > 65_535 || Number(text) === 0)
      ? [complaintAbout(option, `${text} is not a port`)]
      : [],
  );
}
