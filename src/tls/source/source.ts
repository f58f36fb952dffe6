/**
 * Where a certificate comes from, as data: it is kept with what was installed, so that a renewal knows
 * where to go. No secret is in it; what needs one names the file or the hook that has it.
 */
import { z } from 'zod';
import { keyTypes, type KeyType } from '../../host/key-type.ts';

/** Files that somebody else renews. */
export interface FilesSource {
  readonly kind: 'files';
  readonly cert: string;
  readonly key: string;
}

/** The same, found on this host: a Let's Encrypt live folder, or what nginx or Apache are configured with. */
export interface ReuseSource {
  readonly kind: 'reuse';
  readonly cert: string;
  readonly key: string;
  /** Further certificates of the chain (Apache's SSLCertificateChainFile). */
  readonly chain?: string | undefined;
}

export interface SelfSignedSource {
  readonly kind: 'self-signed';
  readonly names: readonly string[];
  readonly keyType: KeyType;
  readonly days: number;
}

export interface AuthoritySource {
  readonly kind: 'authority';
  readonly folder: string;
  readonly names: readonly string[];
  readonly keyType: KeyType;
  readonly days: number;
}

export interface AcmeSource {
  readonly kind: 'acme';
  /** The directory of the server (RFC 8555, section 7.1.1). */
  readonly directory: string;
  /** A PEM file with the roots to trust when calling it; the system's without it. */
  readonly roots?: string | undefined;
  readonly contact: readonly string[];
  readonly names: readonly string[];
  readonly keyType: KeyType;
  readonly challenge: AcmeChallenge;
  /** External account binding (section 7.3.4): the key identifier, and the file with its key. */
  readonly binding?: { readonly id: string; readonly keyFile: string } | undefined;
  /** A new key for each certificate, or the same (which keeps TLSA records true). */
  readonly reuseKey: boolean;
}

export type AcmeChallenge =
  | { readonly type: 'http-01'; readonly port: number }
  | { readonly type: 'http-01'; readonly webroot: string }
  | { readonly type: 'dns-01'; readonly hook: readonly string[] };

export type Source = FilesSource | ReuseSource | SelfSignedSource | AuthoritySource | AcmeSource;

const path = z.string().startsWith('/');
const names = z.array(z.string()).min(1).max(100);
const keyType = z.enum(keyTypes);
const days = z.int().min(1).max(3650);

export const sourceShape: z.ZodType<Source> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('files'), cert: path, key: path }),
  z.strictObject({ kind: z.literal('reuse'), cert: path, key: path, chain: path.optional() }),
  z.strictObject({ kind: z.literal('self-signed'), names, keyType, days }),
  z.strictObject({ kind: z.literal('authority'), folder: path, names, keyType, days }),
  z.strictObject({
    kind: z.literal('acme'),
    directory: z.url(),
    roots: path.optional(),
    contact: z.array(z.string()),
    names,
    keyType,
    challenge: z.union([
      z.strictObject({ type: z.literal('http-01'), port: z.int().min(1).max(65_535) }),
      z.strictObject({ type: z.literal('http-01'), webroot: path }),
      z.strictObject({ type: z.literal('dns-01'), hook: z.array(z.string()).min(1) }),
    ]),
    binding: z.strictObject({ id: z.string(), keyFile: path }).optional(),
    reuseKey: z.boolean(),
  }),
]);

/** Only what is made for us can be used twice, and renewed by us; files are somebody else's. */
export function isMade({ kind }: Source): boolean {
  return kind === 'self-signed' || kind === 'authority' || kind === 'acme';
}

/** The same source, for these names; files have the names that they have. */
export function withNames(source: Source, wanted: readonly string[]): Source {
  return 'names' in source ? { ...source, names: wanted } : source;
}

export function describeSource(source: Source): string {
  switch (source.kind) {
    case 'files':
      return `the files ${source.cert} and ${source.key}`;
    case 'reuse':
      return `${source.cert}, which this host has already`;
    case 'self-signed':
      return 'a certificate that signs itself';
    case 'authority':
      return `the authority in ${source.folder}`;
    default:
      return `ACME at ${new URL(source.directory).host} (${source.challenge.type})`;
  }
}
