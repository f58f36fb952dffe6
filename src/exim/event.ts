/**
 * What one line of Exim's log says, as a typed event: the shape that guard, traffic report,
 * diagnosis, trust and timeline all stand on.
 *
 * `kind` tells the events apart; `form` names the wording (one production of the grammar) where a
 * kind has several. Texts are as the log has them. `peer` is the remote address and is only ever
 * taken from the host position of a production; a line that could be read with two different peers
 * says `ambiguous` and names none.
 *
 * Source: Exim manual, chapter "Log files", and the log_write() calls of Exim 4.96 to 4.99.
 */
import type { Address } from '../base/address.ts';

export type LogEvent =
  | Arrival
  | Delivery
  | Failure
  | Deferral
  | Completed
  | Refused
  | AuthFailed
  | Rejected
  | SenderVerify
  | HeloRejected
  | Unqualified
  | SyncError
  | CommandError
  | Dropped
  | NoMail
  | Timeout
  | Disconnected
  | Incomplete
  | CommandNote
  | Connection
  | TlsError
  | HostLookup
  | Warning
  | Dkim
  | Outgoing
  | Handling
  | Daemon
  | QueueRun
  | Panic
  | Continuation
  | Ambiguous
  | Other;

export type LogKind = LogEvent['kind'];

interface Line {
  /** Milliseconds since 1970-01-01T00:00:00Z; undefined where the line has no time of its own. */
  readonly at: number | undefined;
  readonly stamp: Stamp;
  /** Message id, either length. */
  readonly id?: string;
  /** The wording: a name that is unique within the grammar. */
  readonly form: string;
  /** Address of the remote host. Absent for local submission, and where the line is ambiguous. */
  readonly peer?: Address;
  /** The whole host part, the unverified claims of the peer (`helo`, `ident`) among it. */
  readonly host?: Host;
  /** The reverse name is confirmed by DNSSEC (` DS`, log_selector +dnssec). */
  readonly dnssec?: true;
  /** Local user or ident, where there is no host. */
  readonly user?: string;
  /** Only on an Ambiguous. */
  readonly ambiguous?: true;
}

/** What stands before the message, piece by piece as written. */
export interface Stamp {
  /** Text of syslog, journald or a relay before Exim's own line, with its trailing space. */
  readonly prefix?: string;
  /** `2026-11-23 08:53:00`; absent with `no_syslog_timestamp`. */
  readonly time?: string;
  /** `.123` with log_selector +millisec. */
  readonly fraction?: string;
  /** `+0100` with log_timezone. */
  readonly zone?: string;
  /** Process id as written, with log_selector +pid. */
  readonly pid?: string;
}

/** A host as `H=` shows it: `name (helo) [address]:port I=[address]:port U=ident Ci=id`. */
export interface Host {
  /** Reverse name; it is forward-confirmed, else Exim does not show it. */
  readonly name?: string;
  /** What the peer called itself, where that is not its name. */
  readonly helo?: string;
  /** What stands between the brackets; not always an address. */
  readonly literal: string;
  readonly port?: string;
  readonly interface?: string;
  readonly interfacePort?: string;
  readonly ident?: string;
  readonly connection?: string;
}

/** One `NAME=value` of an arrival or delivery line, in the order of the log; flags have no value. */
export interface Tag {
  readonly name: string;
  readonly value?: string;
}

/** The TLS of one connection. `X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256` */
export interface TlsUse {
  readonly version: string;
  readonly cipher: string;
  readonly bits?: number;
  /** `CV=`: yes, no, dane. */
  readonly verified?: string;
  readonly peerName?: string;
  readonly sni?: string;
}

/** `A=authenticator:login` */
export interface Login {
  readonly authenticator: string;
  readonly login?: string;
}

interface Tagged extends Line {
  readonly tags: readonly Tag[];
  readonly tls?: TlsUse;
  readonly auth?: Login;
}

/** `<=`: a message came in. */
export interface Arrival extends Tagged {
  readonly kind: 'arrival';
  /** Empty for a bounce (`<>`). */
  readonly sender: string;
  /** `P=`: esmtps, local, … */
  readonly protocol?: string;
  /** `S=`, bytes. */
  readonly size?: number;
  /** `R=`: the message that this one bounces. */
  readonly reference?: string;
  readonly messageId?: string;
  /** `(=`: accepted in front of the client, and then thrown away (control = fakereject). */
  readonly fake?: true;
  /** `for …` with log_selector +received_recipients, as written. */
  readonly recipients?: string;
}

interface Outward extends Tagged {
  /** The address as delivered, then parents and the original in brackets, as written. */
  readonly recipient: string;
  readonly router?: string;
  readonly transport?: string;
}

/** `=>`, `->` (further address of the same delivery), `>>` (cutthrough), `*>` (kept back by -N). */
export interface Delivery extends Outward {
  readonly kind: 'delivery';
  readonly arrow: '=>' | '->' | '>>' | '*>';
  /** `S=` with log_selector +delivery_size, bytes. */
  readonly size?: number;
}

/** `**`: given up for ever. */
export interface Failure extends Outward {
  readonly kind: 'failure';
  readonly text: string;
}

/** `==`: put off. */
export interface Deferral extends Outward {
  readonly kind: 'deferral';
  /** Number of the error as Exim counts them, negative for its own. */
  readonly error?: number;
  readonly text: string;
}

export interface Completed extends Line {
  readonly kind: 'completed';
  readonly queueTime?: string;
}

/** Turned away before the first word: by the daemon's limits, or by configuration. */
export interface Refused extends Line {
  readonly kind: 'refused';
  /** `from-address` is the limit on one address; the other limits are of the whole server. */
  readonly reason: 'connections' | 'from-address' | 'load' | 'reserve' | 'configured' | 'ip-options';
  readonly load?: string;
}

export interface AuthFailed extends Line {
  readonly kind: 'auth-failed';
  readonly authenticator: string;
  /** SMTP code: 535 wrong, 435 could not check, 501 malformed. */
  readonly code: string;
  readonly text: string;
  /** `set_id`: the login that was tried, where the authenticator told. */
  readonly login?: string;
}

/** Refused by an ACL, or by a limit that acts like one. */
export interface Rejected extends Line {
  readonly kind: 'rejected';
  /** `connection`, `MAIL`, `RCPT`, `DATA`, `MIME`, `PRDR`, `non-SMTP`, `local_scan`, `VRFY` … */
  readonly phase: string;
  readonly temporary?: true;
  readonly sender?: string;
  /** What the client gave with the command, as written. */
  readonly argument?: string;
  /** The ACL's log message. */
  readonly text?: string;
  readonly tags?: readonly Tag[];
  readonly tls?: TlsUse;
  readonly auth?: Login;
}

export interface SenderVerify extends Line {
  readonly kind: 'sender-verify';
  readonly outcome: 'fail' | 'defer';
  readonly sender: string;
  readonly text?: string;
}

export interface HeloRejected extends Line {
  readonly kind: 'helo-rejected';
  readonly command: string;
  readonly argument?: string;
  readonly temporary?: true;
}

export interface Unqualified extends Line {
  readonly kind: 'unqualified';
  readonly role: 'sender' | 'recipient';
  readonly argument: string;
  readonly text?: string;
}

/** Spoke before it was its turn. */
export interface SyncError extends Line {
  readonly kind: 'sync-error';
  readonly command?: string;
  readonly input: string;
}

/** A command that is wrong by syntax, or wrong now (log_selector +smtp_syntax_error, +smtp_protocol_error). */
export interface CommandError extends Line {
  readonly kind: 'syntax-error' | 'protocol-error';
  readonly command: string;
  readonly text: string;
}

/** Hung up on by Exim. */
export interface Dropped extends Line {
  readonly kind: 'dropped';
  readonly reason: 'errors' | 'nonmail' | 'unrecognized' | 'acl';
  readonly command?: string;
  readonly commands?: string;
  readonly text?: string;
  readonly tags?: readonly Tag[];
}

/** Connected and left without a MAIL command (log_selector +smtp_no_mail). */
export interface NoMail extends Line {
  readonly kind: 'no-mail';
  readonly duration?: string;
  /** `EHLO,STARTTLS,QUIT`: the commands it gave, the last twenty. */
  readonly commands?: string;
  readonly tags?: readonly Tag[];
}

export interface Timeout extends Line {
  readonly kind: 'timeout';
  readonly phase: 'command' | 'data' | 'local';
  readonly sender?: string;
  readonly duration?: string;
}

/** The connection went away in the middle. */
export interface Disconnected extends Line {
  readonly kind: 'disconnected';
  readonly text?: string;
  readonly duration?: string;
}

/** log_selector +smtp_incomplete_transaction */
export interface Incomplete extends Line {
  readonly kind: 'incomplete';
  readonly reason: string;
  readonly sender?: string;
  readonly recipients?: string;
}

/** A command that is worth a line by itself (ETRN, ATRN), and whether the client saw our banner. */
export interface CommandNote extends Line {
  readonly kind: 'command';
  readonly command: string;
  readonly argument: string;
}

/** log_selector +smtp_connection */
export interface Connection extends Line {
  readonly kind: 'connection';
  readonly state: 'open' | 'closed' | 'lost';
  /** Connections open at that moment, this one included. */
  readonly count?: number;
  readonly duration?: string;
  readonly text?: string;
}

export interface TlsError extends Line {
  readonly kind: 'tls-error';
  /** `in`: a client of ours; `out`: a server that we delivered to; `own`: our keys and settings. */
  readonly direction: 'in' | 'out' | 'either' | 'own';
  readonly text: string;
}

export interface HostLookup extends Line {
  readonly kind: 'host-lookup';
  readonly text: string;
}

/** An ACL's `warn log_message`, and what else starts with "Warning:". */
export interface Warning extends Line {
  readonly kind: 'warning';
  readonly text: string;
}

export interface Dkim extends Line {
  readonly kind: 'dkim';
  readonly text: string;
}

/** What a remote server answered, or why it could not be reached, before the delivery's own line. */
export interface Outgoing extends Line {
  readonly kind: 'outgoing';
  readonly text: string;
}

/** What happened to a message in the queue: frozen, thawed, removed, its sender edited … */
export interface Handling extends Line {
  readonly kind: 'handling';
  readonly text: string;
}

export interface Daemon extends Line {
  readonly kind: 'daemon';
  readonly text: string;
}

export interface QueueRun extends Line {
  readonly kind: 'queue-run';
  readonly state: 'start' | 'end' | 'abandoned';
  readonly text: string;
}

/** Exim itself is in trouble: spool, disk, fork, expansion, configuration. */
export interface Panic extends Line {
  readonly kind: 'panic';
  readonly text: string;
}

/** A line without a time: it belongs to the entry before it (a rejected message's headers, a second line). */
export interface Continuation extends Line {
  readonly kind: 'continuation';
  readonly text: string;
}

/**
 * A line that can be read with different peers, because a client's text imitates the grammar. Nothing
 * in it may be held against anyone, so it has no fields but its text.
 */
export interface Ambiguous extends Line {
  readonly kind: 'ambiguous';
  readonly ambiguous: true;
  /** What the line would be in each reading. */
  readonly readings: readonly string[];
  readonly text: string;
}

/** Nothing that this grammar knows. Never an error. */
export interface Other extends Line {
  readonly kind: 'other';
  readonly text: string;
}
