/**
 * What is evidence in Exim's log. Of rejections only Exim's and Debian's own words are: a reworded ACL is
 * no evidence until a rule of the settings file says so.
 *
 * Not here, because it proves a misconfigured server, not a bad one (fail2ban moved its like out of the
 * normal mode, PR 3940): unqualified addresses, sender verification, missing reverse names, lost
 * connections, syntax errors.
 *
 * They look at kind, reason, phase, code, direction, whether it is temporary, and the rejection's text
 * alone: what a scan can tell from the shape of a line (exim/scan-block.ts).
 */
import { type EventRule, is, isNot, matches } from './event-rule.ts';

const final = isNot('temporary', 'true');
const content = is(
  'phase',
  'DATA',
  'after DATA',
  'MIME',
  'during MIME ACL checks',
  'PRDR',
  'after DATA PRDR',
);

export const eximRules: readonly EventRule[] = [
  {
    name: 'server-full',
    event: 'refused',
    where: [is('reason', 'connections', 'reserve', 'load')],
    kind: 'turned-away',
  },
  { name: 'address-full', event: 'refused', where: [is('reason', 'from-address')], kind: 'flood' },
  // 435 is our own trouble (a lookup failed), 501 a client's clumsiness: neither is a wrong password.
  { name: 'password', event: 'auth-failed', where: [is('code', '535')], kind: 'credential' },
  {
    name: 'relay',
    event: 'rejected',
    where: [is('phase', 'RCPT'), final, matches('text', /\brelay(?:ing)? (?:not permitted|denied)\b/i)],
    kind: 'relay',
  },
  {
    name: 'unknown-recipient',
    event: 'rejected',
    where: [
      is('phase', 'RCPT'),
      final,
      matches('text', /^(?:Unrouteable address|[Uu]nknown user|No such user)/),
    ],
    kind: 'harvest',
  },
  { name: 'vrfy', event: 'rejected', where: [is('phase', 'VRFY', 'EXPN'), final], kind: 'harvest' },
  {
    name: 'listed',
    event: 'rejected',
    where: [
      is('phase', 'connection', 'EHLO or HELO', 'MAIL', 'RCPT'),
      final,
      matches(
        'text',
        /\b(?:listed (?:at|by|in|on)|in an? (?:black|block) ?list|(?:black|block)listed|dnsbl|rbl)\b/i,
      ),
    ],
    kind: 'spam',
  },
  {
    name: 'content',
    event: 'rejected',
    where: [content, final, matches('text', /\b(?:virus|malware|phish\w*|spam)\b/i)],
    kind: 'spam',
  },
  { name: 'local-scan', event: 'rejected', where: [is('phase', 'local_scan'), final], kind: 'spam' },
  {
    name: 'no-greeting',
    event: 'rejected',
    where: [is('phase', 'MAIL'), is('text', 'no HELO/EHLO given')],
    kind: 'greeting',
  },
  { name: 'greeting', event: 'helo-rejected', where: [final], kind: 'greeting' },
  { name: 'early-talker', event: 'sync-error', where: [], kind: 'protocol' },
  {
    name: 'garbage',
    event: 'dropped',
    where: [is('reason', 'errors', 'unrecognized', 'acl')],
    kind: 'protocol',
  },
  // log_selector +smtp_protocol_error
  {
    name: 'auth-uninvited',
    event: 'protocol-error',
    where: [matches('command', /^AUTH\b/i)],
    kind: 'protocol',
  },
  { name: 'errands', event: 'dropped', where: [is('reason', 'nonmail')], kind: 'loiter' },
  { name: 'no-mail', event: 'no-mail', where: [], kind: 'loiter' },
  { name: 'timeout', event: 'timeout', where: [is('phase', 'command', 'data')], kind: 'loiter' },
  { name: 'tls', event: 'tls-error', where: [is('direction', 'in')], kind: 'handshake' },
];
