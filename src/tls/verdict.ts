/**
 * What a session says about a server's encryption, in findings. It is sound when none of them is
 * `bad`: STARTTLS is there, the handshake succeeds, and the chain is trusted and covers the name.
 */
import type { TlsSession } from '../host/tls-session.ts';
import type { SmtpReply } from '../exim/smtp-reply.ts';
import type { Conversation } from './converse.ts';
import { coversName } from './covers-name.ts';
import type { DialogueFacts } from './dialogue.ts';
import type { VersionAnswer } from './version-probe.ts';

export interface Finding {
  readonly grade: 'bad' | 'warning' | 'good';
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}

export interface Evidence {
  readonly conversation: Conversation;
  readonly implicit: boolean;
  /** The name that the certificate has to cover. */
  readonly name: string;
  readonly versions: readonly VersionAnswer[];
  /** Whether the login that was tried had an empty password. */
  readonly emptyPassword: boolean;
  /** It was to go no further than the answer to STARTTLS. */
  readonly stopped?: boolean;
  readonly now: number;
}

const day = 86_400_000;
/** Renewal a third of the way before the end is usual; below this, renewal has failed. */
const shortMs = 14 * day;

export function findings(evidence: Evidence): Finding[] {
  const { handshake, facts } = evidence.conversation;
  if (handshake === undefined) return [noHandshake(evidence)];
  if (!handshake.done) {
    const failed = handshake.problem.message.replace('cannot start TLS: ', 'TLS fails: ');
    return [bad(failed), ...evidence.versions.map(versionFinding)];
  }
  const { session } = handshake;
  return [
    ...(facts.broken === undefined ? [] : [bad(facts.broken.message)]),
    good(`encrypted by ${session.version}${evidence.implicit ? ' from the first byte' : ' after STARTTLS'}`),
    ...certificateFindings(session, evidence),
    ...evidence.versions.map(versionFinding),
    ...clearLogin(evidence),
    ...loginFinding(evidence),
    ...envelopeFindings(facts),
  ];
}

export function isSound(found: readonly Finding[]): boolean {
  return found.every(({ grade }) => grade !== 'bad');
}

function noHandshake({ conversation: { facts }, stopped }: Evidence): Finding {
  if (facts.broken !== undefined) return bad(facts.broken.message, facts.broken.hint);
  if (facts.refused !== undefined) {
    const { code, lines } = facts.refused;
    return bad(`the server refuses the session: ${code} ${lines.join(' ')}`, refusals[code]);
  }
  if (facts.starttlsRefused !== undefined) {
    const { code, lines } = facts.starttlsRefused;
    return bad(
      `STARTTLS is offered, then refused: ${code} ${lines.join(' ')}: mail goes on in clear`,
      code === 454
        ? 'Exim cannot use its certificate or key; its main log says why ("cert/key setup")'
        : undefined,
    );
  }
  if (stopped === true && facts.inClear?.has('STARTTLS') === true) {
    return good('STARTTLS is offered and answered with 220; the handshake was not to be tried');
  }
  return bad('no STARTTLS is offered: mail goes in clear', 'on the server: portreeve tls enable');
}

const refusals: Readonly<Record<number, string>> = {
  421: 'it is full or going down (RFC 5321, section 3.8); in Exim: smtp_accept_max, smtp_accept_max_per_host',
  450: 'it wants the caller to come back later',
  550: 'it does not want mail from this address; its log says why',
  554: 'it does not take mail from this address; a list of bad senders may name it',
};

function certificateFindings({ chain, distrust }: TlsSession, { name, now }: Evidence): Finding[] {
  const [leaf] = chain;
  if (leaf === undefined) return [bad('the server has no certificate: anyone can stand in for it')];
  if (leaf.issuer.includes('O=Exim Developers')) {
    return [
      bad(
        'the certificate is the throw-away one that Exim makes when it has none',
        'install one: portreeve tls enable',
      ),
    ];
  }
  const left = leaf.notAfter - now;
  const days = Math.floor(Math.abs(left) / day);
  const found: Finding[] = [];
  if (distrust !== undefined && !(distrust === 'CERT_HAS_EXPIRED' && left < 0)) {
    found.push(bad(`the certificate is not trusted: ${distrusts[distrust] ?? distrust}`, fixes[distrust]));
  } else if (distrust === undefined) {
    found.push(good(`the certificate is trusted: issued by ${leaf.issuer}`));
  }
  found.push(
    coversName(leaf.names, name)
      ? good(`the certificate covers ${name}`)
      : bad(`the certificate does not cover ${name}: it is for ${leaf.names.join(', ') || 'no name at all'}`),
  );
  if (left < 0) found.push(bad(`the certificate expired ${days} days ago`, 'renew it'));
  else if (leaf.notBefore > now)
    found.push(bad(`the certificate is valid only from ${date(leaf.notBefore)}`));
  else if (left < shortMs) found.push(warning(`the certificate expires in ${days} days`, 'renew it'));
  else found.push(good(`the certificate is valid for ${days} more days`));
  return found;
}

const distrusts: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its root is not among the trusted ones',
  UNABLE_TO_GET_ISSUER_CERT: 'its root is not among the trusted ones',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its root is not among the trusted ones',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is neither sent by the server nor among the trusted ones',
  CERT_HAS_EXPIRED: 'a certificate above it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  INVALID_CA: 'its issuer is not an authority',
  INVALID_PURPOSE: 'it is not meant for servers',
};

const fixes: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'put the intermediate certificate after the leaf in the file of Exim; or name your own root: --ca FILE',
  SELF_SIGNED_CERT_IN_CHAIN: 'if the root is your own, name it: --ca FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'if the root is your own, name it: --ca FILE',
};

function versionFinding({ version, answer, reason }: VersionAnswer): Finding {
  const name = version.replace('TLSv1', 'TLS 1').replace(/^TLS 1$/, 'TLS 1.0');
  if (answer === 'refused') return good(`${name} is refused`);
  if (answer === 'unknown') {
    return warning(`whether ${name} is accepted is unknown: ${reason ?? 'no clear answer'}`);
  }
  return warning(`${name} is still accepted (RFC 8996 forbids it)`, 'on the server: portreeve tls enable');
}

function clearLogin({ conversation: { facts } }: Evidence): Finding[] {
  return facts.inClear?.has('AUTH') === true
    ? [
        warning(
          'AUTH is offered before TLS: passwords may cross the network in clear',
          'in Exim: auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}',
        ),
      ]
    : [];
}

function loginFinding({ conversation: { facts }, emptyPassword }: Evidence): Finding[] {
  if (facts.login === undefined) return [];
  const { outcome, evidence } = facts.login;
  if (outcome === 'not-offered') {
    return [warning(`the login was not tried: under TLS the server offers ${evidence}`)];
  }
  if (emptyPassword) {
    return outcome === 'accepted'
      ? [bad('the login is accepted with an empty password')]
      : [good(`an empty password is refused: ${evidence}`)];
  }
  return outcome === 'accepted'
    ? [good('the login is accepted')]
    : [bad(`the login is refused: ${evidence}`)];
}

function envelopeFindings({ sender, recipient }: DialogueFacts): Finding[] {
  return [
    ...(sender === undefined ? [] : [envelopeFinding('sender', sender)]),
    ...(recipient === undefined ? [] : [envelopeFinding('recipient', recipient)]),
  ];
}

/** It says nothing about encryption, but whoever asked wants to know. */
function envelopeFinding(who: string, { code, lines }: SmtpReply): Finding {
  const words = `${code} ${lines.join(' ')}`;
  return code < 400 ? good(`the ${who} is accepted: ${words}`) : warning(`the ${who} is refused: ${words}`);
}

function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function bad(text: string, fix?: string): Finding {
  return { grade: 'bad', text, ...(fix === undefined ? {} : { fix }) };
}

function warning(text: string, fix?: string): Finding {
  return { grade: 'warning', text, ...(fix === undefined ? {} : { fix }) };
}

function good(text: string): Finding {
  return { grade: 'good', text };
}
