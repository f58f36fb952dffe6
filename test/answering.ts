/**
 * What a mail port answers to, asked by openssl s_client: it offers all that OpenSSL has, notes what is chosen,
 * offers the rest, until nothing is taken any more. Groups are asked for one by one.
 */
import assert from 'node:assert/strict';
import type { Machine } from '../src/lab/machine.ts';

export interface Answering {
  /** By version: `tls1` to `tls1_3`; suites as OpenSSL names them, sorted. */
  readonly suites: Readonly<Record<string, readonly string[]>>;
  readonly groups: readonly string[];
}

export async function answering(machine: Machine, host: string): Promise<Answering> {
  const ran = await machine.succeed('ask for what answers', ['sh', '-u', '-c', script, 'sh', `${host}:25`], {
    timeoutMs: 240_000,
  });
  assert.ok(ran.ok, JSON.stringify(ran));
  const suites: Record<string, string[]> = { tls1: [], tls1_1: [], tls1_2: [], tls1_3: [] };
  const groups: string[] = [];
  for (const line of ran.value.stdout.trim().split('\n')) {
    const [kind = '', what = ''] = line.split(' ');
    if (kind === 'group') groups.push(what);
    else suites[kind]?.push(what);
  }
  for (const list of Object.values(suites)) list.sort();
  return { suites, groups: groups.toSorted() };
}

const script = `
ask() { openssl s_client -starttls smtp -connect "$where" "$@" </dev/null 2>/dev/null; }
where=$1
for version in tls1 tls1_1 tls1_2; do
  left=$(openssl ciphers -s -$version 'ALL:COMPLEMENTOFALL:@SECLEVEL=0')
  while [ -n "$left" ]; do
    taken=$(ask -$version -cipher "$left:@SECLEVEL=0" | sed -n 's/^New, .*, Cipher is \\([A-Z].*\\)$/\\1/p' | grep -v NONE)
    [ -n "$taken" ] || break
    echo "$version $taken"
    left=$(echo "$left" | tr : '\\n' | grep -vx -- "$taken" | paste -sd:)
  done
done
left=TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256
while [ -n "$left" ]; do
  taken=$(ask -tls1_3 -ciphersuites "$left" | sed -n 's/^New, .*, Cipher is \\(TLS.*\\)$/\\1/p')
  [ -n "$taken" ] || break
  echo "tls1_3 $taken"
  left=$(echo "$left" | tr : '\\n' | grep -vx -- "$taken" | paste -sd:)
done
for group in X25519 X448 P-256 P-384 P-521 ffdhe2048 ffdhe3072 ffdhe4096; do
  ask -tls1_3 -groups $group | grep -q '^New, TLSv1.3, Cipher is TLS' && echo "group $group"
done
ask -tls1_2 -groups brainpoolP256r1:secp256k1:P-224 -cipher 'ECDHE:@SECLEVEL=0' | grep -q '^New, .*Cipher is ECDHE' && echo 'group another'
exit 0
`;

const aead = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'];
const cbc = ['AES128-SHA', 'AES128-SHA256', 'AES256-SHA', 'AES256-SHA384'];
const rsaOnly = [
  'AES128-GCM-SHA256',
  'AES128-SHA',
  'AES128-SHA256',
  'AES256-GCM-SHA384',
  'AES256-SHA',
  'AES256-SHA256',
];
const plain = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const mozillaGroups = ['P-256', 'P-384', 'X25519'];

/** What the profiles say (Mozilla 6.0 and 5.8, NCSC 2025-05), written down from them and not from our code. */
export function profile(policy: string, key: 'rsa' | 'ecdsa'): Answering {
  const ecdhe = (suites: readonly string[]): string[] =>
    suites.map((suite) => `ECDHE-${key.toUpperCase()}-${suite}`);
  const none = { tls1: [], tls1_1: [], tls1_2: [], tls1_3: plain };
  switch (policy) {
    case 'modern':
      return { suites: none, groups: mozillaGroups };
    case 'intermediate':
      return { suites: { ...none, tls1_2: ecdhe(aead).toSorted() }, groups: mozillaGroups };
    case 'old': {
      const statics = key === 'rsa' ? rsaOnly : [];
      const early = [
        ...ecdhe(['AES128-SHA', 'AES256-SHA']),
        ...statics.filter((name) => /^AES\d+-SHA$/.test(name)),
      ].toSorted();
      const tls12 = [...ecdhe([...aead, ...cbc]), ...statics].toSorted();
      return { suites: { ...none, tls1: early, tls1_1: early, tls1_2: tls12 }, groups: mozillaGroups };
    }
    default: {
      const ccm = key === 'ecdsa' ? ['AES128-CCM', 'AES256-CCM'] : [];
      return {
        suites: {
          ...none,
          tls1_2: ecdhe([...aead, ...ccm]).toSorted(),
          tls1_3: ['TLS_AES_128_CCM_SHA256', ...plain],
        },
        groups: ['P-256', 'P-384', 'P-521', 'X25519', 'X448'],
      };
    }
  }
}
