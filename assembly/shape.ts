// The shape of a log line, told from its bytes: which wording it has and who its peer is, for the plain
// forms of what a server under attack writes by the million.
//
// A shape is a promise: every line of the same shape and the same decisive text is the same kind of event
// as the first one, which is decoded and parsed by the grammar. Only lines that can be read in one way
// get a shape. A second bracket, an ident, a quoted sender, a byte above ASCII in the host part: such a
// line has none (0) and goes to the grammar. src/exim/line-shape.test.ts holds the two together.
import * as shapes from '../src/exim/shapes';
import { byte, has, isDigit, next, pair, plainWord, space } from './cursor';
import { brackets, head, idAt, idEnd, minutes, timeAt } from './head';
import { host, ipv4, isIPv4, literalAt, literalEnd, setLiteral } from './host';
import { fieldsAt } from '../src/exim/scanner-memory';
import { isDuration, isNumber, skipDuration, skipNumber, skipTags } from './tags';

/** Where the decisive text of a shape lies; empty where the wording alone decides. */
export let textAt: i32 = 0;
export let textEnd: i32 = 0;
/** Whether the literal of the host part names a peer. */
export let hasPeer: bool = false;
/** Where the message starts; -1 where the line has no plain head. */
let messageAt: i32 = -1;

/** How many `[` the line holds. */
let allBrackets: i32 = 0;

/** The number of the shape of the line that lies from `from` to before `end`; 0 where it has none. */
export function shapeOf(from: i32, end: i32, bracketsInLine: i32): i32 {
  textAt = 0;
  textEnd = 0;
  hasPeer = false;
  allBrackets = bracketsInLine;
  const at = head(from, end);
  messageAt = at;
  if (at == -1) return 0;
  switch (byte(at)) {
    case 0x43: // Connection, Completed
      return ofConnectionFrom(at, end);
    case 0x48: // H=
      return ofHost(at, end);
    case 0x53: // SMTP
      return ofSmtp(at, end);
    case 0x3c: // <=
      return ofArrival(at, end);
    case 0x3d: // => ==
    case 0x2d: // ->
    case 0x2a: // ** *>
    case 0x3e: // >>
      return ofDelivery(at, end);
    case 0x6e: // no MAIL, no host name
      return ofNo(at, end);
    case 0x75: // unexpected
      return ofUnexpected(at, end);
    case 0x54: // TLS error
      return ofTls(at, end);
    case 0x74: // temporarily refused
    case 0x72: // refused, rejected EHLO
      return ofRefused(at, end);
    default:
      return ofAuthenticator(at, end);
  }
}

/** The same, with what is known of the line written where src/exim/line-shape.ts reads it. */
export function shape(from: i32, end: i32, bracketsInLine: i32): i32 {
  const number = shapeOf(from, end, bracketsInLine);
  tell();
  return number;
}

export function tell(): void {
  store<i32>(fieldsAt, messageAt);
  store<i32>(fieldsAt, textAt, 4);
  store<i32>(fieldsAt, textEnd, 8);
  store<i32>(fieldsAt, i32(hasPeer), 12);
  store<i32>(fieldsAt, literalAt, 16);
  store<i32>(fieldsAt, literalEnd, 20);
  store<i32>(fieldsAt, i32(isIPv4), 24);
  store<i32>(fieldsAt, ipv4, 28);
  store<i32>(fieldsAt, timeAt, 32);
  store<i32>(fieldsAt, idAt, 36);
  store<i32>(fieldsAt, idEnd, 40);
  store<i32>(fieldsAt, minutes, 44);
}

/** After the host part that names the peer; -1 where it is not plain. */
function peer(at: i32, end: i32): i32 {
  const tail = host(at, end);
  hasPeer = tail != -1;
  return tail;
}

/** After the host part, where no other `[` follows in the line; or -1. */
function onlyPeer(at: i32, end: i32): i32 {
  const tail = peer(at, end);
  return brackets == allBrackets ? tail : -1;
}

/** After the host part, where no later text could be taken for the end of a HELO: no `) [`; or -1. */
function certainPeer(at: i32, end: i32): i32 {
  const tail = peer(at, end);
  if (tail == -1 || brackets == allBrackets) return tail;
  for (let place = next(tail); place < end; place = next(place + 1)) {
    if (byte(place) == 0x5b && place >= tail + 2 && pair(place - 2) == 0x2029) return -1;
  }
  return tail;
}

function text(number: i32, from: i32, end: i32): i32 {
  textAt = from;
  textEnd = end;
  return number;
}

function ofConnectionFrom(at: i32, end: i32): i32 {
  if (!has('Connection from ', at, end)) return ofCompleted(at, end);
  const tail = onlyPeer(at + 16, end);
  if (tail == -1 || !has(' refused: too many connections', tail, end)) return 0;
  const rest = tail + 30;
  if (rest == end) return shapes.refusedConnections;
  return end - rest == 21 && has(' from that IP address', rest, end) ? shapes.refusedFromAddress : 0;
}

function ofCompleted(at: i32, end: i32): i32 {
  if (!has('Completed', at, end)) return 0;
  if (end - at == 9) return shapes.completed;
  const timed = at + 13;
  return timed < end && has(' QT=', at + 9, end) && plainWord(timed, end) == end ? shapes.completed : 0;
}

/** `H=host …`: rejected, sender verify, Warning. */
function ofHost(at: i32, end: i32): i32 {
  if (byte(at + 1) != 0x3d) return 0;
  const hostEnd = certainPeer(at + 2, end);
  if (hostEnd == -1) return 0;
  if (has(' sender verify ', hostEnd, end)) return ofSenderVerify(hostEnd + 15, end);
  const tail = skipTags(hostEnd, end);
  if (tail == -1) return 0;
  if (has(' rejected ', tail, end)) return ofRejected(tail + 10, end, 0);
  if (has(' temporarily rejected ', tail, end)) return ofRejected(tail + 22, end, shapes.temporarily);
  return 0;
}

/** ` rejected RCPT argument: text`; the argument ends at the first `: `. */
function ofRejected(at: i32, end: i32, temporarily: i32): i32 {
  let argument = at + 5;
  let number = shapes.rejectedRcpt;
  if (has('MAIL ', at, end)) number = shapes.rejectedMail;
  else if (has('after DATA: ', at, end)) {
    number = shapes.rejectedData;
    argument = at + 10;
  } else if (!has('RCPT ', at, end)) return 0;
  for (let stop = next(argument); stop < end; stop = next(stop + 1)) {
    if (pair(stop) == 0x203a) return text(number + temporarily, stop + 2, end);
  }
  return 0;
}

function ofSenderVerify(at: i32, end: i32): i32 {
  if (!has('fail for <', at, end)) return 0;
  // A second `>` before the space would belong to the address as well.
  const close = plainWord(at + 10, end) - 2;
  if (close < 0 || pair(close) != 0x3a3e || byte(close + 2) != 0x20) return 0;
  return text(shapes.senderVerifyFail, close + 3, end);
}

function ofSmtp(at: i32, end: i32): i32 {
  if (has('SMTP protocol synchronization error (', at, end)) return ofSync(at + 37, end);
  if (has('SMTP call from ', at, end)) return ofDropped(at + 15, end);
  if (has('SMTP command timeout on', at, end)) {
    const from = has(' TLS', at + 23, end) ? at + 27 : at + 23;
    if (!has(' connection from ', from, end)) return 0;
    const tail = onlyPeer(from + 17, end);
    return tail != -1 && isDuration(tail, end) ? shapes.timeout : 0;
  }
  return has('SMTP connection from ', at, end) ? ofConnection(at + 21, end) : 0;
}

function ofSync(at: i32, end: i32): i32 {
  if (has('input sent without waiting for greeting): rejected connection from H=', at, end)) {
    const tail = certainPeer(at + 69, end);
    if (tail == -1 || !has(' input="', tail, end)) return 0;
    return tail + 8 < end && byte(end - 1) == 0x22 ? shapes.syncGreeting : 0;
  }
  if (!has('next input sent too soon: pipelining was not advertised): rejected "', at, end)) return 0;
  // The command comes first: only with one bracket in the line is it certain where the host stands.
  if (allBrackets != brackets + 1) return 0;
  let place = next(at + 68);
  while (place < end && !has('" H=', place, end)) place = next(place + 1);
  const tail = place >= end ? -1 : peer(place + 4, end);
  if (tail == -1 || !has(' next input="', tail, end)) return 0;
  return tail + 13 < end && byte(end - 1) == 0x22 ? shapes.syncNext : 0;
}

function ofDropped(at: i32, end: i32): i32 {
  const tail = certainPeer(at, end);
  if (tail == -1 || !has(' dropped: too many ', tail, end) || byte(end - 1) != 0x29) return 0;
  const from = tail + 19;
  if (has('nonmail commands (last was "', from, end))
    return byte(end - 2) == 0x22 && from + 28 < end - 2 ? shapes.droppedNonmail : 0;
  if (has('unrecognized commands (last was "', from, end))
    return byte(end - 2) == 0x22 && from + 33 < end - 2 ? shapes.droppedUnrecognized : 0;
  if (!has('syntax or protocol errors (last command was "', from, end)) return 0;
  let quote = end - 2;
  while (quote > from + 45 && byte(quote) != 0x22) quote -= 1;
  if (quote <= from + 45) return 0;
  return quote == end - 2 || pair(quote + 1) == 0x202c ? shapes.droppedErrors : 0;
}

function ofConnection(at: i32, end: i32): i32 {
  const tail = onlyPeer(at, end);
  if (tail == -1) return 0;
  if (has(' (TCP/IP connection count = ', tail, end))
    return isNumber(tail + 28, end - 1) && byte(end - 1) == 0x29 ? shapes.connectionOpen : 0;
  const rest = skipDuration(tail, end);
  if (rest > tail && has(' closed ', rest, end)) return shapes.connectionClosed;
  return has(' lost', tail, end) && isDuration(tail + 5, end) ? shapes.connectionLost : 0;
}

function ofNo(at: i32, end: i32): i32 {
  if (has('no MAIL in SMTP connection from ', at, end)) {
    const tail = onlyPeer(at + 32, end);
    if (tail == -1) return 0;
    const rest = skipDuration(tail, end);
    return rest > tail && skipTags(rest, end) == end ? shapes.noMail : 0;
  }
  if (allBrackets != brackets || !has('no host name found for IP address ', at, end)) return 0;
  const from = at + 34;
  if (from >= end || space(from, end) != end) return 0;
  setLiteral(from, end);
  hasPeer = true;
  return shapes.noHostName;
}

function ofUnexpected(at: i32, end: i32): i32 {
  if (!has('unexpected disconnection while reading SMTP command from ', at, end)) return 0;
  const tail = onlyPeer(at + 57, end);
  return tail != -1 && isDuration(tail, end) ? shapes.disconnected : 0;
}

function ofTls(at: i32, end: i32): i32 {
  if (!has('TLS error on connection from ', at, end)) return 0;
  const tail = onlyPeer(at + 29, end);
  // ` (via inetd)` would be part of the connection.
  return tail != -1 && has(' (g', tail, end) ? text(shapes.tlsError, tail + 1, end) : 0;
}

function ofRefused(at: i32, end: i32): i32 {
  if (has('refused connection from ', at, end)) {
    const tail = onlyPeer(at + 24, end);
    return tail != -1 && end - tail == 25 && has(' (host_reject_connection)', tail, end)
      ? shapes.refusedHost
      : 0;
  }
  if (has('rejected EHLO from ', at, end) || has('rejected HELO from ', at, end)) {
    const tail = certainPeer(at + 19, end);
    return tail != -1 && has(': syntactically invalid argument(s): ', tail, end) ? shapes.heloInvalid : 0;
  }
  if (!has('temporarily refused connection from ', at, end)) return 0;
  const tail = onlyPeer(at + 36, end);
  if (tail == -1 || !has(': not in reserve list: connected=', tail, end)) return 0;
  let place = skipNumber(tail + 33, end);
  if (place == -1 || !has(' max=', place, end)) return 0;
  place = skipNumber(place + 5, end);
  if (place == -1 || !has(' reserve=', place, end)) return 0;
  return isNumber(place + 9, end) ? shapes.refusedReserve : 0;
}

/** `NAME authenticator failed for [H=]host: 535 text` */
function ofAuthenticator(at: i32, end: i32): i32 {
  const name = next(at);
  if (name == at || !has(' authenticator failed for ', name, end)) return 0;
  const from = name + 26;
  const flagged = pair(from) == 0x3d48;
  const tail = certainPeer(flagged ? from + 2 : from, end);
  if (tail == -1 || pair(tail) != 0x203a || byte(tail + 5) != 0x20) return 0;
  if (!isDigit(byte(tail + 2)) || !isDigit(byte(tail + 3)) || !isDigit(byte(tail + 4))) return 0;
  return text(flagged ? shapes.authFailedFlagged : shapes.authFailed, tail + 2, tail + 6);
}

function ofArrival(at: i32, end: i32): i32 {
  if (byte(at + 1) != 0x3d || byte(at + 2) != 0x20) return 0;
  let place = plainWord(at + 3, end);
  if (place == -1) return 0;
  if (pair(place + 1) == 0x3d52) {
    const word = place + 3;
    place = space(word, end);
    if (place == word) return 0;
  }
  if (pair(place + 1) == 0x3d48) {
    place = peer(place + 3, end);
    if (place == -1) return 0;
  } else if (pair(place + 1) == 0x3d55) {
    const word = place + 3;
    place = space(word, end);
    if (place == word || byte(place - 1) == 0x3a || byte(word) == 0x5b || byte(word) == 0x28) return 0;
  }
  if (brackets != allBrackets || skipTags(place, end) != end) return 0;
  return hasPeer ? shapes.arrival : shapes.arrivalLocal;
}

/** Whom a message went to is no peer of ours; failures and deferrals explain themselves freely. */
function ofDelivery(at: i32, end: i32): i32 {
  if (byte(at + 2) != 0x20) return 0;
  const arrow = pair(at);
  if (arrow == 0x2a2a) return shapes.failure;
  if (arrow == 0x3d3d) return shapes.deferral;
  if (byte(at + 1) != 0x3e) return 0;
  let place = plainWord(at + 3, end);
  if (place == -1) return 0;
  if (place < end && byte(place + 1) == 0x3c) {
    const close = plainWord(place + 2, end);
    if (close == -1 || byte(close - 1) != 0x3e) return 0;
    place = close;
  }
  return place == end || skipTags(place, end) != end ? 0 : shapes.delivery;
}
