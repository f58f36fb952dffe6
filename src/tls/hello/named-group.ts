/**
 * Groups of the key exchange (IANA's registry "TLS Supported Groups"; RFC 8422, RFC 7919,
 * draft-ietf-tls-ecdhe-mlkem).
 */
export interface NamedGroup {
  readonly code: number;
  readonly name: string;
  readonly openssl: string | undefined;
  /** Against a conventional attacker: half the size of a curve, NIST's estimate for a prime field. */
  readonly bits: number;
  readonly kind: 'curve' | 'ffdhe' | 'hybrid';
  /** May be used in TLS 1.3 (RFC 8446, section 4.2.7; RFC 8734). */
  readonly tls13: boolean;
}

const table: readonly (readonly [number, string, string | undefined, number, NamedGroup['kind'], boolean])[] =
  [
    [0x0001, 'sect163k1', 'sect163k1', 80, 'curve', false],
    [0x0002, 'sect163r1', 'sect163r1', 80, 'curve', false],
    [0x0003, 'sect163r2', 'sect163r2', 80, 'curve', false],
    [0x0004, 'sect193r1', 'sect193r1', 96, 'curve', false],
    [0x0005, 'sect193r2', 'sect193r2', 96, 'curve', false],
    [0x0006, 'sect233k1', 'sect233k1', 112, 'curve', false],
    [0x0007, 'sect233r1', 'sect233r1', 112, 'curve', false],
    [0x0008, 'sect239k1', 'sect239k1', 112, 'curve', false],
    [0x0009, 'sect283k1', 'sect283k1', 128, 'curve', false],
    [0x000a, 'sect283r1', 'sect283r1', 128, 'curve', false],
    [0x000b, 'sect409k1', 'sect409k1', 192, 'curve', false],
    [0x000c, 'sect409r1', 'sect409r1', 192, 'curve', false],
    [0x000d, 'sect571k1', 'sect571k1', 256, 'curve', false],
    [0x000e, 'sect571r1', 'sect571r1', 256, 'curve', false],
    [0x000f, 'secp160k1', 'secp160k1', 80, 'curve', false],
    [0x0010, 'secp160r1', 'secp160r1', 80, 'curve', false],
    [0x0011, 'secp160r2', 'secp160r2', 80, 'curve', false],
    [0x0012, 'secp192k1', 'secp192k1', 96, 'curve', false],
    [0x0013, 'secp192r1', 'prime192v1', 96, 'curve', false],
    [0x0014, 'secp224k1', 'secp224k1', 112, 'curve', false],
    [0x0015, 'secp224r1', 'secp224r1', 112, 'curve', false],
    [0x0016, 'secp256k1', 'secp256k1', 128, 'curve', false],
    [0x0017, 'secp256r1', 'prime256v1', 128, 'curve', true],
    [0x0018, 'secp384r1', 'secp384r1', 192, 'curve', true],
    [0x0019, 'secp521r1', 'secp521r1', 256, 'curve', true],
    [0x001a, 'brainpoolP256r1', 'brainpoolP256r1', 128, 'curve', false],
    [0x001b, 'brainpoolP384r1', 'brainpoolP384r1', 192, 'curve', false],
    [0x001c, 'brainpoolP512r1', 'brainpoolP512r1', 256, 'curve', false],
    [0x001d, 'x25519', 'X25519', 128, 'curve', true],
    [0x001e, 'x448', 'X448', 224, 'curve', true],
    [0x001f, 'brainpoolP256r1tls13', 'brainpoolP256r1tls13', 128, 'curve', true],
    [0x0020, 'brainpoolP384r1tls13', 'brainpoolP384r1tls13', 192, 'curve', true],
    [0x0021, 'brainpoolP512r1tls13', 'brainpoolP512r1tls13', 256, 'curve', true],
    [0x0022, 'GC256A', undefined, 128, 'curve', true],
    [0x0029, 'curveSM2', undefined, 128, 'curve', true],
    [0x0100, 'ffdhe2048', 'ffdhe2048', 103, 'ffdhe', true],
    [0x0101, 'ffdhe3072', 'ffdhe3072', 125, 'ffdhe', true],
    [0x0102, 'ffdhe4096', 'ffdhe4096', 150, 'ffdhe', true],
    [0x0103, 'ffdhe6144', 'ffdhe6144', 175, 'ffdhe', true],
    [0x0104, 'ffdhe8192', 'ffdhe8192', 192, 'ffdhe', true],
    [0x11eb, 'SecP256r1MLKEM768', 'SecP256r1MLKEM768', 128, 'hybrid', true],
    [0x11ec, 'X25519MLKEM768', 'X25519MLKEM768', 128, 'hybrid', true],
    [0x11ed, 'SecP384r1MLKEM1024', 'SecP384r1MLKEM1024', 192, 'hybrid', true],
    [0x6399, 'X25519Kyber768Draft00', undefined, 128, 'hybrid', true],
  ];

export const namedGroups: readonly NamedGroup[] = table.map(([code, name, openssl, bits, kind, tls13]) => ({
  code,
  name,
  openssl,
  bits,
  kind,
  tls13,
}));
