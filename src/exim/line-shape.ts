/**
 * The shape of a log line, told from its bytes: which wording it has and who its peer is, for the
 * plain forms of what a server under attack writes by the million.
 *
 * A shape is a promise: every line of the same shape and the same decisive text is the same kind of
 * event as the first one, which is decoded and parsed (scan-lines.ts). Only lines that can be read in
 * one way get a shape. A second bracket, an ident, a quoted sender, a byte above ASCII in the host part:
 * such a line has none (0) and goes to parseLogLine(). `line-shape.test.ts` holds the two together.
 */
import { isDigit, LineBytes } from './line-bytes.ts';
import type { LineIndex } from './line-index.ts';
import { shapes, words } from './line-words.ts';
import { plainWord, skipTags } from './line-tags.ts';

/** Where the decisive text of a shape lies; empty where the wording alone decides. */
export class LineShape {
  readonly line: LineBytes;
  textAt = 0;
  textEnd = 0;
  /** Whether `line.literalAt` names a peer. */
  hasPeer = false;
  /** Where the message starts; -1 where the line has no plain head. */
  messageAt = 0;

  constructor(index: LineIndex) {
    this.line = new LineBytes(index);
  }

  /** The number of the shape of the line that lies from `from` to before `end`; 0 where it has none. */
  of(from: number, end: number, brackets: number): number {
    const { line } = this;
    this.textAt = 0;
    this.textEnd = 0;
    this.hasPeer = false;
    this.messageAt = -1;
    const at = line.head(from, end);
    if (at === -1) return 0;
    this.messageAt = at;
    switch (line.bytes[at]) {
      case 0x43: // Connection, Completed
        return this.#c(at, end, brackets);
      case 0x48: // H=
        return this.#host(at, end, brackets);
      case 0x53: // SMTP
        return this.#smtp(at, end, brackets);
      case 0x3c: // <=
        return this.#arrival(at, end, brackets);
      case 0x3d: // => ==
      case 0x2d: // ->
      case 0x2a: // ** *>
      case 0x3e: // >>
        return this.#delivery(at, end);
      case 0x6e: // no MAIL, no host name
        return this.#no(at, end, brackets);
      case 0x75: // unexpected
        return this.#unexpected(at, end, brackets);
      case 0x54: // TLS error
        return this.#tls(at, end, brackets);
      case 0x74: // temporarily refused
      case 0x72: // refused, rejected EHLO
        return this.#refused(at, end, brackets);
      default:
        return this.#authenticator(at, end, brackets);
    }
  }

  #c(at: number, end: number, brackets: number): number {
    const { line } = this;
    if (line.has(words.completed, at, end)) {
      if (end - at === words.completed.length) return shapes.completed;
      const timed = at + words.completedIn.length;
      return timed < end && line.has(words.completedIn, at, end) && plainWord(line, timed, end) === end
        ? shapes.completed
        : 0;
    }
    if (!line.has(words.connectionFrom, at, end)) return 0;
    const tail = this.#peer(at + 16, end);
    if (tail === -1 || line.brackets !== brackets) return 0;
    if (!line.has(words.tooMany, tail, end)) return 0;
    if (end - tail === words.tooMany.length) return shapes.refusedConnections;
    const rest = tail + words.tooMany.length;
    return end - rest === words.fromThatAddress.length && line.has(words.fromThatAddress, rest, end)
      ? shapes.refusedFromAddress
      : 0;
  }

  /** The peer of a host part; -1 where it is not plain. */
  #peer(at: number, end: number): number {
    const tail = this.line.host(at, end);
    this.hasPeer = tail !== -1;
    return tail;
  }

  /** `H=host …`: rejected, sender verify, Warning. */
  #host(at: number, end: number, brackets: number): number {
    const { line } = this;
    const { bytes } = line;
    if (bytes[at + 1] !== 0x3d) return 0;
    const hostEnd = this.#peer(at + 2, end);
    if (hostEnd === -1 || !this.#certain(hostEnd, end, brackets)) return 0;
    if (line.has(words.senderVerify, hostEnd, end)) return this.#senderVerify(hostEnd, end);
    const tail = skipTags(line, hostEnd, end);
    if (tail === -1) return 0;
    if (line.has(words.rejected, tail, end)) return this.#rejected(tail + words.rejected.length, end, 0);
    if (line.has(words.temporarilyRejected, tail, end)) {
      return this.#rejected(tail + words.temporarilyRejected.length, end, shapes.temporarily);
    }
    return 0;
  }

  /** ` rejected RCPT argument: text`; the argument ends at the first `: `. */
  #rejected(at: number, end: number, temporarily: number): number {
    const { line } = this;
    const { bytes } = line;
    const after = line.has(words.afterData, at, end);
    const shape = line.has(words.rcpt, at, end)
      ? shapes.rejectedRcpt
      : line.has(words.mail, at, end)
        ? shapes.rejectedMail
        : after
          ? shapes.rejectedData
          : 0;
    if (shape === 0) return 0;
    for (
      let stop = line.next(at + (after ? words.afterData.length - 2 : 5));
      stop < end;
      stop = line.next(stop + 1)
    ) {
      if (bytes[stop] === 0x3a && bytes[stop + 1] === 0x20)
        return this.#text(shape + temporarily, stop + 2, end);
    }
    return 0;
  }

  #senderVerify(at: number, end: number): number {
    const { line } = this;
    const { bytes } = line;
    let place = at + words.senderVerify.length;
    const shape = line.has(words.failFor, place, end) ? shapes.senderVerifyFail : 0;
    if (shape === 0) return 0;
    place = plainWord(line, place + words.failFor.length, end) - 2;
    if (place < 0 || bytes[place] !== 0x3e) return 0;
    // A second `>` before the space would belong to the address as well.
    if (bytes[place + 1] !== 0x3a || bytes[place + 2] !== 0x20) return 0;
    return this.#text(shape, place + 3, end);
  }

  #text(shape: number, from: number, end: number): number {
    this.textAt = from;
    this.textEnd = end;
    return shape;
  }

  #smtp(at: number, end: number, brackets: number): number {
    const { line } = this;
    const { bytes } = line;
    if (line.has(words.syncGreeting, at, end)) {
      const tail = this.#peer(at + words.syncGreeting.length, end);
      if (tail === -1 || !this.#certain(tail, end, brackets)) return 0;
      const text = tail + words.input.length;
      return line.has(words.input, tail, end) && text < end && bytes[end - 1] === 0x22
        ? shapes.syncGreeting
        : 0;
    }
    if (line.has(words.callFrom, at, end)) return this.#dropped(at + words.callFrom.length, end, brackets);
    if (line.has(words.commandTimeout, at, end)) {
      const plain = at + words.commandTimeout.length;
      const from = line.has(words.tls, plain, end) ? plain + words.tls.length : plain;
      if (!line.has(words.connection, from, end)) return 0;
      const tail = this.#peer(from + words.connection.length, end);
      return tail !== -1 && line.brackets === brackets && this.#duration(tail, end) ? shapes.timeout : 0;
    }
    if (line.has(words.smtpConnection, at, end))
      return this.#connection(at + words.smtpConnection.length, end, brackets);
    if (line.has(words.syncNext, at, end)) return this.#syncNext(at + words.syncNext.length, end, brackets);
    return 0;
  }

  /** The command comes first: only with one bracket in the line is it certain where the host stands. */
  #syncNext(from: number, end: number, brackets: number): number {
    const { line } = this;
    const { bytes } = line;
    if (brackets !== line.brackets + 1) return 0;
    let at = from;
    while (at < end && !(bytes[at] === 0x22 && line.has(words.quotedHost, at, end))) at += 1;
    const tail = at === end ? -1 : this.#peer(at + words.quotedHost.length, end);
    if (tail === -1 || !line.has(words.nextInput, tail, end)) return 0;
    return tail + words.nextInput.length < end && bytes[end - 1] === 0x22 ? shapes.syncNext : 0;
  }

  #dropped(at: number, end: number, brackets: number): number {
    const { line } = this;
    const { bytes } = line;
    const tail = this.#peer(at, end);
    if (tail === -1 || !this.#certain(tail, end, brackets)) return 0;
    if (!line.has(words.droppedTooMany, tail, end) || bytes[end - 1] !== 0x29) return 0;
    const from = tail + words.droppedTooMany.length;
    if (line.has(words.nonmail, from, end)) {
      return bytes[end - 2] === 0x22 && from + words.nonmail.length < end - 2 ? shapes.droppedNonmail : 0;
    }
    if (line.has(words.unrecognized, from, end)) {
      return bytes[end - 2] === 0x22 && from + words.unrecognized.length < end - 2
        ? shapes.droppedUnrecognized
        : 0;
    }
    if (!line.has(words.errors, from, end)) return 0;
    let at2 = end - 2;
    const first = from + words.errors.length;
    while (at2 > first && bytes[at2] !== 0x22) at2 -= 1;
    return at2 > first && (at2 === end - 2 || (bytes[at2 + 1] === 0x2c && bytes[at2 + 2] === 0x20))
      ? shapes.droppedErrors
      : 0;
  }

  #connection(at: number, end: number, brackets: number): number {
    const { line } = this;
    const tail = this.#peer(at, end);
    if (tail === -1 || line.brackets !== brackets) return 0;
    if (line.has(words.connectionCount, tail, end)) {
      return this.#number(tail + words.connectionCount.length, end - 1) && line.bytes[end - 1] === 0x29
        ? shapes.connectionOpen
        : 0;
    }
    const rest = this.#skipDuration(tail, end);
    if (rest > tail && line.has(words.closed, rest, end)) return shapes.connectionClosed;
    return line.has(words.lost, tail, end) && this.#duration(tail + words.lost.length, end)
      ? shapes.connectionLost
      : 0;
  }

  #no(at: number, end: number, brackets: number): number {
    const { line } = this;
    if (line.has(words.noMail, at, end)) {
      const tail = this.#peer(at + words.noMail.length, end);
      if (tail === -1 || line.brackets !== brackets) return 0;
      const rest = this.#skipDuration(tail, end);
      return rest > tail && skipTags(line, rest, end) === end ? shapes.noMail : 0;
    }
    if (!line.has(words.noHostName, at, end) || brackets !== line.brackets) return 0;
    const from = at + words.noHostName.length;
    for (let place = from; place < end; place += 1) if (line.bytes[place] === 0x20) return 0;
    line.literalAt = from;
    line.literalEnd = end;
    line.isIPv4 = false;
    this.hasPeer = from < end;
    return this.hasPeer ? shapes.noHostName : 0;
  }

  #unexpected(at: number, end: number, brackets: number): number {
    const { line } = this;
    if (!line.has(words.unexpected, at, end)) return 0;
    const tail = this.#peer(at + words.unexpected.length, end);
    return tail !== -1 && line.brackets === brackets && this.#duration(tail, end) ? shapes.disconnected : 0;
  }

  #tls(at: number, end: number, brackets: number): number {
    const { line } = this;
    if (!line.has(words.tlsError, at, end)) return 0;
    const tail = this.#peer(at + words.tlsError.length, end);
    if (
      tail === -1 ||
      line.brackets !== brackets ||
      line.bytes[tail] !== 0x20 ||
      line.bytes[tail + 1] !== 0x28
    )
      return 0;
    // ` (via inetd)` would be part of the connection.
    return line.bytes[tail + 2] === 0x67 ? this.#text(shapes.tlsError, tail + 1, end) : 0;
  }

  #refused(at: number, end: number, brackets: number): number {
    const { line } = this;
    if (line.has(words.refusedConnection, at, end)) {
      const tail = this.#peer(at + words.refusedConnection.length, end);
      if (tail === -1 || line.brackets !== brackets) return 0;
      return end - tail === words.hostReject.length && line.has(words.hostReject, tail, end)
        ? shapes.refusedHost
        : 0;
    }
    if (line.has(words.rejectedEhlo, at, end) || line.has(words.rejectedHelo, at, end)) {
      const tail = this.#peer(at + words.rejectedEhlo.length, end);
      if (tail === -1 || !this.#certain(tail, end, brackets)) return 0;
      return line.has(words.invalidArgument, tail, end) ? shapes.heloInvalid : 0;
    }
    if (!line.has(words.temporarilyRefused, at, end)) return 0;
    const tail = this.#peer(at + words.temporarilyRefused.length, end);
    if (tail === -1 || line.brackets !== brackets || !line.has(words.notReserved, tail, end)) return 0;
    let place = tail + words.notReserved.length;
    place = this.#skipNumber(place, end);
    if (place === -1 || !line.has(words.max, place, end)) return 0;
    place = this.#skipNumber(place + words.max.length, end);
    if (place === -1 || !line.has(words.reserve, place, end)) return 0;
    return this.#number(place + words.reserve.length, end) ? shapes.refusedReserve : 0;
  }

  /** `NAME authenticator failed for [H=]host: 535 text` */
  #authenticator(at: number, end: number, brackets: number): number {
    const { line } = this;
    const { bytes } = line;
    const space = line.next(at);
    if (space === at || !line.has(words.authenticatorFailed, space, end)) return 0;
    let from = space + words.authenticatorFailed.length;
    const flagged = bytes[from] === 0x48 && bytes[from + 1] === 0x3d;
    if (flagged) from += 2;
    const tail = this.#peer(from, end);
    if (tail === -1 || !this.#certain(tail, end, brackets)) return 0;
    if (bytes[tail] !== 0x3a || bytes[tail + 1] !== 0x20 || bytes[tail + 5] !== 0x20) return 0;
    if (!isDigit(bytes[tail + 2]) || !isDigit(bytes[tail + 3]) || !isDigit(bytes[tail + 4])) return 0;
    this.textAt = tail + 2;
    this.textEnd = tail + 6;
    return flagged ? shapes.authFailedFlagged : shapes.authFailed;
  }

  #arrival(at: number, end: number, brackets: number): number {
    const { line } = this;
    const { bytes } = line;
    if (bytes[at + 1] !== 0x3d || bytes[at + 2] !== 0x20) return 0;
    let place = plainWord(line, at + 3, end);
    if (place === -1) return 0;
    if (bytes[place + 1] === 0x52 && bytes[place + 2] === 0x3d) {
      place += 3;
      const word = place;
      while (place < end && bytes[place] !== 0x20) place += 1;
      if (place === word) return 0;
    }
    if (bytes[place + 1] === 0x48 && bytes[place + 2] === 0x3d) {
      place = this.#peer(place + 3, end);
      if (place === -1) return 0;
    } else if (bytes[place + 1] === 0x55 && bytes[place + 2] === 0x3d) {
      place += 3;
      const word = place;
      while (place < end && bytes[place] !== 0x20) place += 1;
      if (place === word || bytes[place - 1] === 0x3a || bytes[word] === 0x5b || bytes[word] === 0x28)
        return 0;
    }
    if (line.brackets !== brackets) return 0;
    return skipTags(line, place, end) === end ? (this.hasPeer ? shapes.arrival : shapes.arrivalLocal) : 0;
  }

  /** Whom a message went to is no peer of ours; failures and deferrals explain themselves freely. */
  #delivery(at: number, end: number): number {
    const { line } = this;
    const { bytes } = line;
    if (bytes[at + 2] !== 0x20) return 0;
    const first = bytes[at];
    const second = bytes[at + 1];
    if (first === 0x2a && second === 0x2a) return shapes.failure;
    if (first === 0x3d && second === 0x3d) return shapes.deferral;
    if (second !== 0x3e) return 0;
    let place = plainWord(line, at + 3, end);
    if (place === -1) return 0;
    if (bytes[place + 1] === 0x3c && place < end) {
      const close = plainWord(line, place + 2, end);
      if (close === -1 || bytes[close - 1] !== 0x3e) return 0;
      place = close;
    }
    return place === end || skipTags(line, place, end) !== end ? 0 : shapes.delivery;
  }

  /** Whether no later text could be taken for the end of a HELO: no second bracket, or none after `) `. */
  #certain(from: number, end: number, brackets: number): boolean {
    const { line } = this;
    if (line.brackets === brackets) return true;
    const { bytes } = line;
    for (let at = from + 2; at < end; at += 1) {
      if (bytes[at] === 0x5b && bytes[at - 1] === 0x20 && bytes[at - 2] === 0x29) return false;
    }
    return true;
  }

  #duration(at: number, end: number): boolean {
    return at === end || this.#skipDuration(at, end) === end;
  }

  /** After ` D=word`, or `at` where there is none. */
  #skipDuration(at: number, end: number): number {
    const { bytes } = this.line;
    if (bytes[at] !== 0x20 || bytes[at + 1] !== 0x44 || bytes[at + 2] !== 0x3d) return at;
    let place = at + 3;
    while (place < end && bytes[place] !== 0x20) place += 1;
    return place === at + 3 ? at : place;
  }

  #number(at: number, end: number): boolean {
    return this.#skipNumber(at, end) === end;
  }

  /** A whole number without leading zeros, of at most nine digits. */
  #skipNumber(at: number, end: number): number {
    const { bytes } = this.line;
    let place = at;
    while (place < end && place - at < 9 && isDigit(bytes[place])) place += 1;
    if (place === at || (bytes[at] === 0x30 && place > at + 1)) return -1;
    return place;
  }
}
