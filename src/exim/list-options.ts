/** Which options are lists of domains, hosts, addresses or local parts. */
import type { ListedOption, ListKind } from './listing.ts';

const inAcls: Readonly<Record<string, ListKind>> = {
  domains: 'domainlist',
  sender_domains: 'domainlist',
  hosts: 'hostlist',
  local_parts: 'localpartlist',
  senders: 'addresslist',
  recipients: 'addresslist',
};

const inRouters: Readonly<Record<string, ListKind>> = {
  domains: 'domainlist',
  local_parts: 'localpartlist',
  senders: 'addresslist',
  ignore_target_hosts: 'hostlist',
};

const hostOptions =
  /^(?:hosts?_\w+|\w+_hosts|host_(?:lookup|reject_connection)|smtp_accept_queue_per_connection)$/;

export function listKindOf({ section, name }: ListedOption): ListKind | undefined {
  switch (section) {
    case 'acl':
      return inAcls[name.replace(/^! ?/, '')];
    case 'routers':
      return inRouters[name];
    case 'transports':
      return /^(?:hosts_|tls_\w*hosts)\w*$/.test(name) ? 'hostlist' : undefined;
    case 'main':
      return (
        (/^(\w+list)(?:_cache)? /.exec(name)?.[1] as ListKind | undefined) ??
        (hostOptions.test(name) && !/_(?:max|count|name|order)/.test(name) ? 'hostlist' : undefined)
      );
    default:
      return undefined;
  }
}
