/** What is wrong with the SMTP session around TLS. */
import { flaw } from './flaw.ts';
import type { Rule } from './rule.ts';

export const sessionRules: readonly Rule[] = [
  {
    id: 'starttls-not-offered',
    severity: 'critical',
    title: 'no STARTTLS is offered: mail goes in clear',
    source: 'RFC 3207; RFC 8314, section 3',
    fix: 'starttls',
    broken: ({ smtp }) => (smtp.starttls === 'not-offered' ? smtp.evidence : undefined),
  },
  {
    id: 'starttls-refused',
    severity: 'critical',
    title: 'STARTTLS is offered, then refused: mail goes on in clear, and nobody is told',
    source: 'RFC 3207, section 4',
    fix: 'key-454',
    broken: ({ smtp }) => (smtp.starttls === 'refused' ? smtp.evidence : undefined),
  },
  {
    id: 'starttls-stripped',
    severity: 'critical',
    title: 'something on the way writes over STARTTLS',
    source: 'RFC 3207, section 6; Cisco ASA "inspect esmtp"',
    broken: ({ smtp }) =>
      smtp.starttls === 'stripped'
        ? `EHLO is answered with ${smtp.keywordsInClear?.join(', ') ?? ''}`
        : undefined,
  },
  {
    id: 'response-injection',
    severity: 'high',
    title: 'what follows the 220 to STARTTLS is sent in clear: a client may take it for part of the session',
    source: 'RFC 3207, section 4.2; CVE-2021-33515 and kin',
    fix: 'update',
    broken: ({ smtp }) => (smtp.starttls === 'broken' ? smtp.evidence : undefined),
  },
  {
    id: 'no-handshake',
    severity: 'critical',
    title: 'TLS is offered, and no handshake succeeds',
    source: 'RFC 3207, section 4',
    fix: 'certificate',
    broken: ({ versions, smtp }) =>
      versions.length > 0 && versions.every((each) => each.accepted === 'no') ? smtp.evidence : undefined,
  },
  {
    id: 'auth-in-clear',
    severity: 'high',
    title: 'AUTH is offered before TLS: passwords may cross the network in clear',
    source: 'RFC 4954, section 4; RFC 8314, section 3',
    fix: 'auth-in-clear',
    broken: ({ smtp }) =>
      smtp.authInClear === 'yes'
        ? (smtp.keywordsInClear?.find((each) => each.startsWith('AUTH')) ?? 'AUTH')
        : undefined,
  },
  {
    id: 'vrfy',
    severity: 'low',
    title: 'VRFY or EXPN tells which addresses exist',
    source: 'RFC 5321, section 7.3',
    fix: 'vrfy',
    broken: ({ smtp: { vrfy, expn } }) => {
      const told = [vrfy, expn].filter(
        (reply) => reply?.startsWith('250') === true || reply?.startsWith('251') === true,
      );
      return told.length === 0 ? undefined : told.join('; ');
    },
  },
  {
    id: 'command-injection',
    severity: 'high',
    title: 'commands can be put into an encrypted session',
    source: 'RFC 3207, section 4.2; CVE-2011-0411',
    fix: 'update',
    broken: flaw('command-injection'),
  },
];
