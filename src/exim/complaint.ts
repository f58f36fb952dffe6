/** What a rehearsal finds wrong in a configuration, and where. */
import type { ListedOption } from './listing.ts';

export interface Complaint {
  /** "router local_user, transport". */
  readonly where: string;
  /** "there is no transport mail_spol". */
  readonly what: string;
}

export function complaintAbout({ section, block, name }: ListedOption, what: string): Complaint {
  const kinds: Partial<Record<typeof section, string>> = {
    acl: 'ACL',
    routers: 'router',
    transports: 'transport',
    authenticators: 'authenticator',
  };
  const kind = kinds[section];
  return { where: kind === undefined ? name : `${kind} ${block}, ${name}`, what };
}
