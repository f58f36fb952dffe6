/**
 * What only scanners ask a web server for. Some of it no honest client ever sends; the rest is a probe only
 * where the server does not have it.
 */
import type { Address } from '../base/address.ts';
import type { Sighting } from './sighting.ts';
import { readWebLine, type WebRequest } from './web-log.ts';

export interface WebProbe {
  readonly peer: Address;
  /** Which of the lists below it is on. */
  readonly rule: string;
}

interface WebRule {
  readonly name: string;
  readonly request: RegExp;
  /** Only where it is not there (400 to 499), or in an error log. */
  readonly absent?: true;
}

const rules: readonly WebRule[] = [
  // DFind and its children ask for a file of this name.
  { name: 'w00tw00t', request: /w00tw00t/i },
  { name: 'jndi', request: /\$\{(?:jndi|\$\{)|%24%7bjndi/i },
  {
    name: 'traversal',
    request:
      /(?:\.\.|%2e%2e|\.%2e|%2e\.)(?:\/|%2f|\\|%5c)+(?:\S*)(?:etc(?:\/|%2f)passwd|win\.ini|boot\.ini)/i,
  },
  {
    name: 'shell',
    request: /\/(?:shell\?|cgi-bin\/\S*(?:\/bin\/(?:ba)?sh|%2fbin%2f(?:ba)?sh))|[;&|`](?:wget|curl)[+ %]/i,
  },
  { name: 'phpunit', request: /\/vendor\/phpunit\/\S*eval-stdin\.php/i },
  { name: 'device', request: /\/(?:boaform\/|HNAP1|setup\.cgi\?|GponForm\/|goform\/|cgi-bin\/luci\/;stok)/i },
  { name: 'not-http', request: /^(?:\\x16\\x03|\\x03\\x00\\x00|MGLNDD_|SSH-2|\\x05\\x01)/ },
  {
    name: 'secrets',
    request: /\/\.(?:env|git\/(?:config|HEAD)|aws\/credentials|ssh\/|svn\/entries|DS_Store|htpasswd)/i,
    absent: true,
  },
  {
    name: 'phpmyadmin',
    request: /^[A-Z]+ \/+\S*(?:phpmyadmin|\bpma\b|myadmin|mysqladmin|dbadmin|adminer)\S* /i,
    absent: true,
  },
  {
    name: 'wordpress',
    request: /^[A-Z]+ \/+\S*(?:wp-login\.php|xmlrpc\.php|wp-config|wp-admin\/|wlwmanifest\.xml)/i,
    absent: true,
  },
  {
    name: 'consoles',
    request:
      /\/(?:manager\/html|solr\/admin|actuator\/|_ignition\/|jenkins\/|console\/login|druid\/|owa\/auth|ecp\/|autodiscover\/autodiscover)/i,
    absent: true,
  },
  { name: 'proxy', request: /^(?:CONNECT |GET https?:\/\/)/, absent: true },
];

/** Undefined where the line is no probe. */
export function webProbe(line: string): WebProbe | undefined {
  const asked = readWebLine(line);
  if (asked === undefined) return undefined;
  const rule = rules.find(
    ({ request, absent }) => request.test(asked.request) && (absent !== true || isAbsent(asked)),
  );
  return rule === undefined ? undefined : { peer: asked.peer, rule: rule.name };
}

export function probeIn(line: string): Sighting | undefined {
  const probe = webProbe(line);
  return probe === undefined ? undefined : { kind: 'probe', address: probe.peer, line };
}

function isAbsent({ status }: WebRequest): boolean {
  return status === undefined || (status >= 400 && status < 500);
}
