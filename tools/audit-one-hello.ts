// Offers a mail server suites in the given order, behind STARTTLS: node tools/audit-one-hello.ts HOST PORT VERSION SUITES
//
// SUITES are codes in hexadecimal, with commas between them: one alone shows whether the server has it, two in both orders
// show who decides. Prints what the answer is, and its first bytes: the packet that proves who is right where the audit
// and another tool differ. Exit status 1 where the server did not answer.

import { randomBytes } from '../src/host/random-bytes.ts';
import { cipherSuite } from '../src/tls/hello/cipher-suite.ts';
import { encodeOffer, type Offer } from '../src/tls/hello/offer.ts';
import { namedGroups } from '../src/tls/hello/named-group.ts';
import { emptyFlight, readFlight } from '../src/tls/hello/server-flight.ts';
import { reach } from '../src/tls/audit/reach.ts';

const [host = '', port = '', version = '', codes = ''] = process.argv.slice(2);
const reached = await reach({
  endpoint: { host, port: Number(port) },
  implicit: false,
  helo: 'conformance.example.test',
  timeoutMs: 20_000,
});
if (reached.type !== 'ready') {
  console.log(reached.words);
  process.exit(1);
}
const offer: Offer = {
  version: version as Offer['version'],
  suites: codes.split(',').map((code) => Number.parseInt(code, 16)),
  name: host,
  groups: namedGroups.flatMap((group) => (version === 'TLSv1.3' && !group.tls13 ? [] : [group.code])),
};
reached.wire.send(encodeOffer(offer, randomBytes(32)));
const answer = await reached.wire.receive(20_000);
reached.wire.close();
if (answer.type !== 'bytes') {
  console.log(answer.type);
  process.exit(1);
}
const { hello, retry, alert } = readFlight(emptyFlight, answer.bytes);
const chosen = hello ?? retry;
const words =
  chosen !== undefined
    ? `ServerHello with ${cipherSuite(chosen.suite).name}`
    : alert !== undefined
      ? `alert ${alert.name}`
      : 'neither a ServerHello nor an alert';
console.log(`${words}: ${Buffer.from(answer.bytes.subarray(0, 80)).toString('hex')}`);
