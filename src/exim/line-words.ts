/** The fixed words of the shapes that line-shape.ts knows, and their numbers. */
import { type ByteWords, byteWords } from './byte-words.ts';

/** Numbers of the shapes; `temporarily` is added to those of rejections. */
export const shapes = {
  completed: 1,
  refusedConnections: 2,
  refusedFromAddress: 3,
  rejectedRcpt: 4,
  rejectedMail: 5,
  rejectedData: 6,
  temporarily: 3,
  senderVerifyFail: 10,
  syncGreeting: 11,
  timeout: 12,
  syncNext: 13,
  droppedNonmail: 14,
  droppedUnrecognized: 15,
  droppedErrors: 16,
  connectionOpen: 17,
  connectionClosed: 18,
  connectionLost: 19,
  noMail: 20,
  noHostName: 21,
  disconnected: 22,
  tlsError: 23,
  refusedHost: 24,
  heloInvalid: 25,
  refusedReserve: 26,
  authFailed: 27,
  authFailedFlagged: 28,
  arrival: 29,
  arrivalLocal: 30,
  failure: 31,
  deferral: 32,
  delivery: 33,
} as const;

/** Whether the wording of a shape says that the refusal is temporary. */
export function mayBeTemporary(shape: number): boolean {
  return (
    (shape > shapes.temporarily + 3 && shape <= shapes.temporarily + 6) || shape === shapes.refusedReserve
  );
}

/** One more than the largest number of a shape. */
export const shapeCount = 34;

const texts = {
  completed: 'Completed',
  completedIn: 'Completed QT=',
  connectionFrom: 'Connection from ',
  tooMany: ' refused: too many connections',
  fromThatAddress: ' from that IP address',
  senderVerify: ' sender verify ',
  failFor: 'fail for <',
  rejected: ' rejected ',
  temporarilyRejected: ' temporarily rejected ',
  rcpt: 'RCPT ',
  mail: 'MAIL ',
  afterData: 'after DATA: ',
  syncGreeting:
    'SMTP protocol synchronization error (input sent without waiting for greeting): rejected connection from H=',
  input: ' input="',
  callFrom: 'SMTP call from ',
  commandTimeout: 'SMTP command timeout on',
  tls: ' TLS',
  connection: ' connection from ',
  smtpConnection: 'SMTP connection from ',
  syncNext:
    'SMTP protocol synchronization error (next input sent too soon: pipelining was not advertised): rejected "',
  quotedHost: '" H=',
  nextInput: ' next input="',
  droppedTooMany: ' dropped: too many ',
  nonmail: 'nonmail commands (last was "',
  unrecognized: 'unrecognized commands (last was "',
  errors: 'syntax or protocol errors (last command was "',
  connectionCount: ' (TCP/IP connection count = ',
  closed: ' closed ',
  lost: ' lost',
  noMail: 'no MAIL in SMTP connection from ',
  noHostName: 'no host name found for IP address ',
  unexpected: 'unexpected disconnection while reading SMTP command from ',
  tlsError: 'TLS error on connection from ',
  refusedConnection: 'refused connection from ',
  hostReject: ' (host_reject_connection)',
  rejectedEhlo: 'rejected EHLO from ',
  rejectedHelo: 'rejected HELO from ',
  invalidArgument: ': syntactically invalid argument(s): ',
  temporarilyRefused: 'temporarily refused connection from ',
  notReserved: ': not in reserve list: connected=',
  max: ' max=',
  reserve: ' reserve=',
  authenticatorFailed: ' authenticator failed for ',
} as const;

export const words: Readonly<Record<keyof typeof texts, ByteWords>> = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [name, byteWords(text)]),
) as Record<keyof typeof texts, ByteWords>;
