// The audit beside testssl.sh 3.0.8 (Debian's) on the same servers: npm run conformance:audit [-- CASE...]
//
// Servers are Exim (stock, each policy, RSA and ECDSA), openssl s_server in a dozen configurations, gnutls-serv,
// Postfix and Dovecot's submission, in a lab machine. Versions, suites, order, groups and certificate facts are
// compared wherever both speak. Prints a table; a difference that docs/audit-agreement.md does not explain (by case
// and subject in its table) is UNEXPLAINED, and the exit status is 1. About a minute a case.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDeb } from '../src/host/unpack-deb.ts';
import { openLab, mailHost } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import type { AuditDocument } from '../src/tls/audit/audit-document.ts';
import { cipherSuite } from '../src/tls/hello/cipher-suite.ts';
import { type AuditCase, auditCases } from './audit-cases.ts';
import { differences, type Difference, readTestssl } from './audit-differences.ts';

/** A root, and what it has issued for RSA and for ECDSA; a chain of leaf and root each. */
const certificates = `
mkdir -p /root/c && cd /root/c
openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=Conformance root' -days 100 -keyout root.key -out root.crt
for kind in rsa ec; do
  if [ $kind = rsa ]; then openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out $kind.key
  else openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $kind.key; fi
  openssl req -new -key $kind.key -subj '/CN=${mailHost}' -out $kind.csr
  printf 'subjectAltName=DNS:${mailHost}\\nextendedKeyUsage=serverAuth\\n' > ext
  openssl x509 -req -in $kind.csr -CA root.crt -CAkey root.key -CAcreateserial -days 60 -extfile ext -out $kind.leaf
  cat $kind.leaf root.crt > $kind.crt
done
openssl dhparam -dsaparam -out dh1024.pem 1024
chmod 644 *.key
`;

const root = join(import.meta.dirname, '..');
const chosen = process.argv.slice(2);
const cases = auditCases.filter(
  ({ name }) => chosen.length === 0 || chosen.some((each) => name.startsWith(each)),
);
if (cases.length === 0) {
  console.error(`there is no such case; there are: ${auditCases.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const folder = join(root, '.cache', 'audit-conformance');
mkdirSync(folder, { recursive: true });
await unpackPostfix();
const lab = await openLab({
  tell: (line) => {
    console.error(line);
  },
  more: [
    { name: 'testssl.sh', why: 'the tool to compare with' },
    { name: 'bind9-host', why: 'testssl.sh needs it' },
    { name: 'bsdextrautils', why: 'hexdump, for testssl.sh' },
    { name: 'gnutls-bin', why: 'gnutls-serv' },
    { name: 'dovecot-core', why: 'a server to compare on' },
    { name: 'dovecot-submissiond', why: 'a server to compare on' },
  ],
});
if (!lab.ok) {
  console.error(lab.problem.message);
  process.exit(3);
}
const explained = explanations();
let bad = 0;
let compared = 0;
try {
  await shell(lab.value, certificates);
  console.log('case                    versions suites order groups certificate   ours    testssl');
  for (const each of cases) await compare(lab.value, each);
} finally {
  await lab.value.close();
}
console.log(`\n${compared} servers; ${bad} differences without an explanation`);
process.exitCode = bad === 0 ? 0 : 1;

async function compare(machine: Machine, each: AuditCase): Promise<void> {
  const server = await each.start(machine);
  try {
    if (!(await listens(machine, each.port))) {
      console.log(`${each.name.padEnd(24)} did not start`);
      bad += 1;
      return;
    }
    const target = `${mailHost}:${each.port}`;
    const started = performance.now();
    const ours = await machine.run(
      [
        process.execPath,
        join(root, 'src/cli/main.ts'),
        '--json',
        'tls',
        'audit',
        target,
        '--resolver',
        'none',
      ],
      { timeoutMs: 120_000 },
    );
    const between = performance.now();
    const json = `/tmp/testssl-${each.name}.json`;
    const theirs = await machine.run(
      [
        'bash',
        '/usr/bin/testssl',
        '--quiet',
        '--color',
        '0',
        '--warnings',
        'off',
        '--nodns',
        'min',
        '--jsonfile',
        json,
        '-t',
        'smtp',
        '-p',
        '-E',
        '-f',
        '-P',
        '-S',
        target,
      ],
      {
        timeoutMs: 1_500_000,
        env: {
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          TESTSSL_INSTALL_DIR: '/etc/testssl',
          HOME: '/root',
          TERM: 'dumb',
        },
      },
    );
    const ended = performance.now();
    const read = await machine.run(['cat', json]);
    if (!ours.ok || !theirs.ok || !read.ok || ours.value.stdout === '') {
      console.log(
        `${each.name.padEnd(24)} could not be compared: ${ours.ok ? ours.value.stderr : ours.problem.message}${theirs.ok ? '' : theirs.problem.message}`,
      );
      bad += 1;
      return;
    }
    writeFileSync(join(folder, `${each.name}.ours.json`), ours.value.stdout);
    writeFileSync(join(folder, `${each.name}.testssl.json`), read.value.stdout);
    const finished = readTestssl(read.value.stdout);
    if (finished === undefined || finished.has('scanProblem')) {
      console.log(
        `${each.name.padEnd(24)} testssl.sh did not finish: ${finished?.get('scanProblem') ?? 'no report'}`,
      );
      bad += 1;
      return;
    }
    const document = JSON.parse(ours.value.stdout) as AuditDocument;
    const found = differences(document, finished);
    const proofs = new Map<Difference, Proof>();
    for (const difference of found) proofs.set(difference, await prove(machine, target, difference));
    report(each, proofs, between - started, ended - between);
  } finally {
    await server();
  }
}

interface Proof {
  /** Whether the server's answers are what the audit has said. */
  readonly holds: boolean;
  readonly packets: readonly string[];
}

/** The packets that prove who is right: a suite is asked for once more, alone; two are offered in both orders. */
async function prove(machine: Machine, target: string, difference: Difference): Promise<Proof> {
  const { disputed, contested = [] } = difference;
  const packets: string[] = [];
  let holds = true;
  for (const { code, oursHas } of disputed?.suites ?? []) {
    const answer = await offer(machine, target, disputed?.version ?? '', [code]);
    packets.push(`${disputed?.version ?? ''}, ${code} alone: ${answer}`);
    if (answer.startsWith('ServerHello') !== oursHas) holds = false;
  }
  for (const { version, pair, decides } of contested) {
    const [first, second] = pair;
    for (const offered of [
      [first, second],
      [second, first],
    ]) {
      const answer = await offer(machine, target, version, offered);
      packets.push(`${version}, ${offered.join(' before ')}: ${answer}`);
      const expected = (decides === 'client' ? offered[0] : first) ?? '';
      if (!answer.startsWith(`ServerHello with ${cipherSuite(Number.parseInt(expected, 16)).name}:`))
        holds = false;
    }
  }
  return { holds, packets };
}

async function offer(
  machine: Machine,
  target: string,
  version: string,
  suites: readonly string[],
): Promise<string> {
  const [host = '', port = ''] = target.split(':');
  const tool = join(root, 'tools', 'audit-one-hello.ts');
  const ran = await machine.run([process.execPath, tool, host, port, version, suites.join()]);
  return ran.ok ? ran.value.stdout.trim() : ran.problem.message;
}

function report(
  each: AuditCase,
  proofs: ReadonlyMap<Difference, Proof>,
  oursMs: number,
  theirsMs: number,
): void {
  compared += 1;
  const why = (difference: Difference): string | undefined =>
    proofs.get(difference)?.holds === true ? reason(each, difference) : undefined;
  const mark = (subject: Difference['subject']): string => {
    const about = [...proofs.keys()].filter((difference) => difference.subject === subject);
    if (about.length === 0) return 'equal';
    return about.every((difference) => why(difference) !== undefined) ? 'explained' : 'DIFFERENT';
  };
  const columns = (['versions', 'suites', 'order', 'groups', 'certificate'] as const).map((subject) =>
    mark(subject).padEnd(9),
  );
  console.log(
    `${each.name.padEnd(22)} ${columns.join(' ')} ${(oursMs / 1000).toFixed(1).padStart(5)} s ${(theirsMs / 1000).toFixed(1).padStart(6)} s`,
  );
  for (const [difference, { packets }] of proofs) {
    const because = why(difference);
    if (because === undefined) bad += 1;
    const { subject, ours, theirs } = difference;
    console.log(
      `    ${because === undefined ? 'UNEXPLAINED' : `explained (${because})`}: ${subject}: ours ${ours}; testssl ${theirs}`,
    );
    for (const packet of packets) console.log(`      ${packet}`);
  }
}

function reason({ name }: AuditCase, { subject, ours, theirs }: Difference): string | undefined {
  return explained.find(
    (each) =>
      new RegExp(`^(?:${each.cases})$`).test(name) &&
      each.subject === subject &&
      new RegExp(each.pattern).test(`${ours} | ${theirs}`),
  )?.title;
}

/** The table of docs/audit-agreement.md: | title | cases | subject | pattern |. */
function explanations(): { title: string; cases: string; subject: string; pattern: string }[] {
  const page = readFileSync(join(root, 'docs', 'audit-agreement.md'), 'utf8');
  return [...page.matchAll(/^\| (\S.*?) \| `([^`]+)` \| (\w+) \| `([^`]+)` \|$/gm)].map(
    ([, title = '', where = '', subject = '', pattern = '']) => ({
      title,
      cases: where.replaceAll('\\|', '|'),
      subject,
      pattern: pattern.replaceAll('\\|', '|'),
    }),
  );
}

async function listens(machine: Machine, port: number): Promise<boolean> {
  const script = `for n in $(seq 100); do [ -n "$(ss -Htln 'sport = :${port}')" ] && exit 0; sleep 0.1; done; exit 1`;
  const ran = await machine.run(['sh', '-c', script]);
  return ran.ok && ran.value.status === 0;
}

async function shell(machine: Machine, script: string): Promise<void> {
  const ran = await machine.succeed('prepare the servers', ['sh', '-eu', '-c', script]);
  if (!ran.ok) throw new Error(ran.problem.message);
}

/** Apart from the lab's packages: it conflicts with Exim there. */
async function unpackPostfix(): Promise<void> {
  const tree = join(folder, 'postfix');
  if (existsSync(tree)) return;
  const archives = join(folder, 'archives');
  mkdirSync(archives, { recursive: true });
  const fetched = spawnSync('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', 'postfix'], {
    cwd: archives,
  });
  if (fetched.status !== 0) throw new Error(`apt-get download postfix: ${fetched.stderr.toString()}`);
  for (const archive of readdirSync(archives)) {
    const unpacked = await unpackDeb(join(archives, archive), tree);
    if (!unpacked.ok) throw new Error(unpacked.problem.message);
  }
  rmSync(archives, { recursive: true });
}
