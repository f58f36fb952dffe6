/**
 * What others recommend, as data. Suites by OpenSSL's names below TLS 1.3 and IANA's from there on, as the
 * guidelines write them.
 *
 * - Mozilla's guidelines 6.0 (2026-04-06); `old` is that of 5.8, the last that had it.
 * - NCSC-NL, ICT security guidelines for TLS, 2025-05, as Internet.nl encodes them.
 * - RFC 9325 (BCP 195): its MUST and SHOULD NOT.
 */
export interface Profile {
  readonly id: ProfileId;
  readonly title: string;
  readonly source: string;
  /** Versions that may be offered; the first has to be. */
  readonly versions: readonly string[];
  /** Whether a suite may be offered. */
  readonly allows: (suite: SuiteToJudge) => boolean;
  /** Groups that may be offered; undefined: any. */
  readonly groups: readonly string[] | undefined;
  /** Keys of certificates: RSA of at least so many bits (0: none at all), and these curves. */
  readonly rsaBits: number;
  readonly curves: readonly string[];
  /** The longest life of a certificate in days. */
  readonly days: number | undefined;
  /** The server has to follow an order of its own where it offers more than `good` suites. */
  readonly good: readonly string[] | undefined;
  readonly extendedMasterSecret: boolean;
}

export type ProfileId = (typeof profileIds)[number];
export const profileIds = [
  'mozilla-modern',
  'mozilla-intermediate',
  'mozilla-old',
  'ncsc-2025',
  'rfc9325',
] as const;

export interface SuiteToJudge {
  readonly name: string;
  readonly openssl: string | null;
  readonly exchange: string;
  readonly authentication: string;
  readonly bits: number;
  readonly forwardSecret: boolean;
}

const modern13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

const ecdheAead = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].flatMap((cipher) => [
  `ECDHE-ECDSA-${cipher}`,
  `ECDHE-RSA-${cipher}`,
]);

const mozillaOld = [
  ...ecdheAead,
  ...['AES128-SHA256', 'AES128-SHA', 'AES256-SHA384', 'AES256-SHA'].flatMap((cipher) => [
    `ECDHE-ECDSA-${cipher}`,
    `ECDHE-RSA-${cipher}`,
  ]),
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-SHA256',
  'DHE-RSA-AES256-SHA256',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
];

const mozillaGroups = ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'];
const brainpool = ['256', '384', '512'].flatMap((bits) => [
  `brainpoolP${bits}r1`,
  `brainpoolP${bits}r1tls13`,
]);

const ncscGood = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const ncscSufficient = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_128_CCM_SHA256',
  ...ecdheAead,
  'ECDHE-ECDSA-AES256-CCM',
  'ECDHE-ECDSA-AES128-CCM',
];

function oneOf(names: readonly string[]): Profile['allows'] {
  return ({ name, openssl }) => names.includes(name) || (openssl !== null && names.includes(openssl));
}

export const profiles: readonly Profile[] = [
  {
    id: 'mozilla-modern',
    title: 'Mozilla modern',
    source: 'Mozilla guidelines 6.0, modern',
    versions: ['TLSv1.3'],
    allows: oneOf(modern13),
    groups: mozillaGroups,
    rsaBits: 0,
    curves: ['P-256', 'P-384'],
    days: 90,
    good: undefined,
    extendedMasterSecret: false,
  },
  {
    id: 'mozilla-intermediate',
    title: 'Mozilla intermediate',
    source: 'Mozilla guidelines 6.0, intermediate',
    versions: ['TLSv1.3', 'TLSv1.2'],
    allows: oneOf([...modern13, ...ecdheAead]),
    groups: mozillaGroups,
    rsaBits: 2048,
    curves: ['P-256', 'P-384'],
    days: 366,
    good: undefined,
    extendedMasterSecret: false,
  },
  {
    id: 'mozilla-old',
    title: 'Mozilla old',
    source: 'Mozilla guidelines 5.8, old (gone in 6.0)',
    versions: ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0'],
    allows: oneOf([...modern13, ...mozillaOld]),
    groups: undefined,
    rsaBits: 2048,
    curves: ['P-256', 'P-384'],
    days: 366,
    good: ['none'],
    extendedMasterSecret: false,
  },
  {
    id: 'ncsc-2025',
    title: 'NCSC-NL 2025-05',
    source: 'NCSC-NL, ICT security guidelines for TLS, 2025-05: good and sufficient',
    versions: ['TLSv1.3', 'TLSv1.2'],
    allows: oneOf([...ncscGood, ...ncscSufficient]),
    // Hybrids hold a good group and something more.
    groups: [
      'secp256r1',
      'secp384r1',
      'secp521r1',
      'x25519',
      'x448',
      ...brainpool,
      'X25519MLKEM768',
      'SecP256r1MLKEM768',
      'SecP384r1MLKEM1024',
    ],
    rsaBits: 3072,
    curves: [
      'P-256',
      'P-384',
      'P-521',
      'brainpoolP256r1',
      'brainpoolP384r1',
      'brainpoolP512r1',
      'Ed25519',
      'Ed448',
    ],
    days: undefined,
    good: ncscGood,
    extendedMasterSecret: true,
  },
  {
    id: 'rfc9325',
    title: 'RFC 9325',
    source: 'RFC 9325 (BCP 195), sections 3.1.1 and 4.1',
    versions: ['TLSv1.3', 'TLSv1.2'],
    allows: ({ name, bits, exchange, authentication }) =>
      bits >= 128 &&
      !/RC4|NULL|EXPORT/.test(name) &&
      authentication !== 'anon' &&
      !['RSA', 'DH', 'ECDH', 'DHE'].includes(exchange),
    groups: undefined,
    rsaBits: 2048,
    curves: ['P-256', 'P-384', 'P-521', 'Ed25519', 'Ed448'],
    days: undefined,
    good: undefined,
    extendedMasterSecret: true,
  },
];
