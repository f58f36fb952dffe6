// What the audit and testssl.sh say of one server, brought to the same words and compared where both speak.

import type { AuditDocument } from '../src/tls/audit/audit-document.ts';

export interface Difference {
  readonly subject: 'versions' | 'suites' | 'order' | 'groups' | 'certificate';
  readonly ours: string;
  readonly theirs: string;
  /** Of suites: those that one of the two alone has found, to be asked for once more by themselves. */
  readonly disputed?: {
    readonly version: string;
    readonly suites: readonly { readonly code: string; readonly oursHas: boolean }[];
  };
  /** Of order: pairs of suites, to be offered in both orders, and what the audit has said of them. */
  readonly contested?: readonly Contest[];
}

export interface Contest {
  readonly version: string;
  /** Codes in hexadecimal. */
  readonly pair: readonly [string, string];
  /** Of a server that decides: the first of the pair, whatever the order of the offer. */
  readonly decides: 'server' | 'client';
}

export type Testssl = ReadonlyMap<string, string>;

/** By id; of several certificates the ids have a suffix. Undefined for a report that was cut off. */
export function readTestssl(json: string): Testssl | undefined {
  try {
    const entries = JSON.parse(json) as { id: string; finding: string }[];
    return new Map(entries.map(({ id, finding }) => [id, finding]));
  } catch {
    return undefined;
  }
}

const versionIds: Readonly<Record<string, string>> = {
  SSLv2: 'SSLv2',
  SSLv3: 'SSLv3',
  'TLSv1.0': 'TLS1',
  'TLSv1.1': 'TLS1_1',
  'TLSv1.2': 'TLS1_2',
  'TLSv1.3': 'TLS1_3',
};

const protocolIds: Readonly<Record<string, string>> = {
  SSLv3: 'ssl3',
  'TLSv1.0': 'tls1',
  'TLSv1.1': 'tls1_1',
  'TLSv1.2': 'tls1_2',
  'TLSv1.3': 'tls1_3',
};

export function differences(ours: AuditDocument, theirs: Testssl): Difference[] {
  return [
    ...versions(ours, theirs),
    ...suites(ours, theirs),
    ...order(ours, theirs),
    ...groups(ours, theirs),
    ...certificate(ours, theirs),
  ];
}

function versions(ours: AuditDocument, theirs: Testssl): Difference[] {
  return ours.versions.flatMap(({ version, accepted }): Difference[] => {
    const finding = theirs.get(versionIds[version] ?? '');
    if (finding === undefined) return [];
    const says = /^(?:offered|SSLv[23] is offered)/.test(finding) ? 'yes' : 'no';
    return says === accepted
      ? []
      : [{ subject: 'versions', ours: `${version} ${accepted}`, theirs: `${version}: ${finding}` }];
  });
}

function suites(ours: AuditDocument, theirs: Testssl): Difference[] {
  return ours.versions.flatMap(({ version, suites: list }): Difference[] => {
    const protocol = protocolIds[version];
    if (protocol === undefined) return [];
    const prefix = `cipher-${protocol}_x`;
    const found = [...theirs.keys()]
      .filter((id) => id.startsWith(prefix))
      .map((id) => id.slice(prefix.length).padStart(4, '0'))
      .toSorted();
    const mine = list.map(({ code }) => code).toSorted();
    const only = (a: readonly string[], b: readonly string[]): string =>
      a.filter((code) => !b.includes(code)).join(' ') || 'none';
    return mine.join() === found.join()
      ? []
      : [
          {
            subject: 'suites',
            ours: `${version} more: ${only(mine, found)}`,
            theirs: `${version} more: ${only(found, mine)}`,
            disputed: {
              version,
              suites: [...mine, ...found]
                .filter((code) => !mine.includes(code) || !found.includes(code))
                .map((code) => ({ code, oursHas: mine.includes(code) })),
            },
          },
        ];
  });
}

/** testssl.sh lists the suites of a version in the server's own order, and says whether there is one. */
function order(ours: AuditDocument, theirs: Testssl): Difference[] {
  const found: Difference[] = [];
  const said = theirs.get('cipher_order');
  const choices = ours.versions.filter(
    ({ order: whose, version }) => (whose === 'server' || whose === 'client') && version !== 'TLSv1.3',
  );
  if (said !== undefined && choices.length > 0) {
    const mine = choices.some(({ order: whose }) => whose === 'client') ? 'client' : 'server';
    const other =
      said.startsWith('server') &&
      !said.replace(/TLS 1\.3 client determined$/, '').endsWith('client determined')
        ? 'server'
        : 'client';
    if (mine !== other)
      found.push({
        subject: 'order',
        ours: mine,
        theirs: said,
        contested: choices.flatMap(({ version, suites: list, order: whose }) =>
          neighbours(list.map(({ code }) => code)).map((pair) => ({
            version,
            pair,
            decides: whose === 'client' ? 'client' : 'server',
          })),
        ),
      });
  }
  for (const { version, suites: list, order: whose } of ours.versions) {
    const listed = theirs.get(`cipherorder_${version.replace('TLSv1.0', 'TLSv1').replace('.', '_')}`);
    if (listed === undefined || whose !== 'server') continue;
    const mine = list.map(({ name, openssl }) => openssl ?? name).join(' ');
    const other = listed
      .trim()
      .split(/\s+/)

      .join(' ');
    if (mine !== other)
      found.push({
        subject: 'order',
        ours: `${version}: ${mine}`,
        theirs: `${version}: ${other}`,
        contested: neighbours(list.map(({ code }) => code)).map((pair) => ({
          version,
          pair,
          decides: 'server',
        })),
      });
  }
  return found;
}

function neighbours(codes: readonly string[]): [string, string][] {
  return codes.slice(1).map((code, at) => [codes[at] ?? '', code]);
}

const groupNames: Readonly<Record<string, string>> = {
  prime256v1: 'secp256r1',
  X25519: 'x25519',
  X448: 'x448',
  prime192v1: 'secp192r1',
};

function groups(ours: AuditDocument, theirs: Testssl): Difference[] {
  const named = (id: string): string[] | undefined =>
    theirs
      .get(id)
      ?.trim()
      .split(/\s+/)
      .map((name) => groupNames[name] ?? name)
      .toSorted();
  const mine = new Set(ours.versions.flatMap((version) => version.groups ?? []));
  const found: Difference[] = [];
  const curves = named('PFS_ECDHE_curves');
  if (curves !== undefined) {
    // Post-quantum groups are newer than testssl.sh 3.0.
    const own = [...mine].filter((name) => !/^ffdhe|MLKEM|Kyber/.test(name)).toSorted();
    if (own.join() !== curves.join())
      found.push({ subject: 'groups', ours: own.join(' '), theirs: curves.join(' ') });
  }
  const fields = named('DH_groups')?.filter((name) => name.startsWith('ffdhe'));
  if (fields !== undefined && fields.length > 0) {
    const own = [...new Set([...mine, ...ours.primes.flatMap(({ name }) => name ?? [])])]
      .filter((name) => name.startsWith('ffdhe'))
      .toSorted();
    if (own.join() !== fields.join())
      found.push({ subject: 'groups', ours: own.join(' '), theirs: fields.join(' ') });
  }
  return found;
}

function certificate(ours: AuditDocument, theirs: Testssl): Difference[] {
  const prints = [...theirs].filter(([id]) => id.startsWith('cert_fingerprintSHA256'));
  const found: Difference[] = [];
  const mine = ours.chains.flatMap(({ certificates: [leaf] }) => leaf ?? []);
  if (prints.length > 0) {
    const own = mine.map(({ sha256 }) => sha256).toSorted();
    const other = prints.map(([, print]) => print.toLowerCase()).toSorted();
    if (own.join() !== other.join())
      found.push({ subject: 'certificate', ours: own.join(' '), theirs: other.join(' ') });
  }
  for (const [id, print] of prints) {
    const suffix = id.slice('cert_fingerprintSHA256'.length);
    const leaf = mine.find(({ sha256 }) => sha256 === print.toLowerCase());
    if (leaf === undefined) continue;
    const fact = (name: string): string => theirs.get(`cert_${name}${suffix}`) ?? '';
    const bits = /(\d+) bits/.exec(fact('keySize'))?.[1] ?? '';
    const pairs: [string, string][] = [
      [String(leaf.keyBits), bits],
      [leaf.serial.replace(/^0+/, ''), fact('serialNumber').toLowerCase().replace(/^0+/, '')],
      [leaf.notAfter.slice(0, 16).replace('T', ' '), fact('notAfter').slice(0, 16)],
      [/CN=([^,]+)/.exec(leaf.subject)?.[1] ?? '', fact('commonName')],
      [leaf.names.join(' '), fact('subjectAltName').replace(/^(?:No|Providing no) SAN.*/, '')],
    ];
    for (const [own, other] of pairs) {
      if (other !== '' && own !== other) found.push({ subject: 'certificate', ours: own, theirs: other });
    }
  }
  return found;
}
