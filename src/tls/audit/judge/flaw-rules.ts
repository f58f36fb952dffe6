/** Known flaws that were found. */
import { flaw } from './flaw.ts';
import type { Rule } from './rule.ts';

export const flawRules: readonly Rule[] = [
  {
    id: 'heartbleed',
    severity: 'critical',
    title: 'the server’s memory can be read (Heartbleed)',
    source: 'CVE-2014-0160',
    fix: 'update',
    broken: flaw('heartbleed'),
  },
  {
    id: 'ccs-injection',
    severity: 'critical',
    title: 'an early ChangeCipherSpec is taken',
    source: 'CVE-2014-0224',
    fix: 'update',
    broken: flaw('ccs-injection'),
  },
  {
    id: 'robot',
    severity: 'critical',
    title: 'the server is an RSA oracle (ROBOT)',
    source: 'CVE-2017-13099; RFC 5246, section 7.4.7.1',
    fix: 'update',
    broken: flaw('robot'),
  },
  {
    id: 'ticketbleed',
    severity: 'high',
    title: 'the server’s memory leaks through session ids (Ticketbleed)',
    source: 'CVE-2016-9244',
    fix: 'update',
    broken: flaw('ticketbleed'),
  },
  {
    id: 'drown',
    severity: 'critical',
    title: 'sessions can be broken through SSL 2.0 (DROWN)',
    source: 'CVE-2016-0800',
    fix: 'policy',
    broken: flaw('drown'),
  },
  {
    id: 'freak',
    severity: 'high',
    title: 'RSA keys of 512 bits can be forced (FREAK)',
    source: 'CVE-2015-0204',
    fix: 'policy',
    broken: flaw('freak'),
  },
  {
    id: 'poodle',
    severity: 'medium',
    title: 'SSL 3.0 with CBC (POODLE)',
    source: 'CVE-2014-3566',
    fix: 'policy',
    broken: flaw('poodle'),
  },
  {
    id: 'raccoon',
    severity: 'low',
    title: 'a DH key is used again (RACCOON)',
    source: 'CVE-2020-1968',
    fix: 'policy',
    broken: flaw('raccoon'),
  },
];
