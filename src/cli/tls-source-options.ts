/** The options that say where a certificate shall come from, and the source that they mean. */
import type { Command } from 'commander';
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { keyTypes, type KeyType } from '../host/key-type.ts';
import { authorityFolder } from '../tls/authority-folder.ts';
import type { AcmeChallenge, Source } from '../tls/source/source.ts';
import { isHostName } from '../tls/target.ts';

export interface SourceOptions {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly reuse: boolean;
  readonly selfSigned: boolean;
  readonly ca?: string | true | undefined;
  readonly acme?: string | undefined;
  readonly keyType: KeyType;
  readonly days?: number | undefined;
  readonly acmeRoots?: string | undefined;
  readonly contact: readonly string[];
  readonly agreeTerms: boolean;
  readonly httpPort?: number | undefined;
  readonly webroot?: string | undefined;
  readonly dnsHook?: string | undefined;
  readonly eabId?: string | undefined;
  readonly eabKeyFile?: string | undefined;
  readonly reuseKey: boolean;
}

const file = z.string().min(1, 'needs a file');
const number = (most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'needs a number')
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, `needs a number from 1 to ${most}`);

export const sourceOptions: { readonly [Name in keyof SourceOptions]-?: z.ZodType<SourceOptions[Name]> } = {
  cert: file.optional(),
  key: file.optional(),
  reuse: z.boolean().default(false),
  selfSigned: z.boolean().default(false),
  ca: z.union([file, z.literal(true)]).optional(),
  acme: z.string().optional(),
  keyType: z.enum(keyTypes, `needs one of ${keyTypes.join(', ')}`).default('p256'),
  days: number(3650).optional(),
  acmeRoots: file.optional(),
  contact: z.array(z.email('needs a mail address')).default([]),
  agreeTerms: z.boolean().default(false),
  httpPort: number(65_535).optional(),
  webroot: file.optional(),
  dnsHook: file.optional(),
  eabId: z.string().min(1).optional(),
  eabKeyFile: file.optional(),
  reuseKey: z.boolean().default(false),
};

export function withSourceOptions(command: Command): Command {
  return command
    .option('--cert <file>', 'the certificate in PEM, with its intermediate certificates')
    .option('--key <file>', 'its key in PEM, without a passphrase')
    .option('--reuse', "or one that this host has: Let's Encrypt's live folders, nginx, Apache")
    .option('--self-signed', 'or one that signs itself')
    .option('--ca [folder]', 'or one of your own authority (portreeve tls ca)')
    .option('--acme <server>', 'or one by ACME: letsencrypt, letsencrypt-staging, or the URL of a directory')
    .option('--key-type <type>', `the key of what is made: ${keyTypes.join(', ')}`, 'p256')
    .option('--days <n>', 'how long it is valid (self-signed 365, own authority 90)')
    .option('--contact <address>', 'ACME: a mail address for the account; may be repeated', add)
    .option('--agree-terms', "ACME: agree to the server's terms of service")
    .option('--http-port <n>', 'ACME: answer http-01 on this port (80)')
    .option('--webroot <folder>', 'ACME: answer http-01 by files in the root of a web server')
    .option('--dns-hook <program>', 'ACME: answer dns-01; called as PROGRAM add|remove NAME VALUE')
    .option('--eab-id <id>', 'ACME: identifier of the external account')
    .option('--eab-key-file <file>', 'ACME: file with its key, in base64url')
    .option('--acme-roots <file>', 'ACME: trust these authorities when calling the server')
    .option('--reuse-key', 'ACME: keep the key when renewing, as TLSA records 3 1 1 want it');
}

export function add(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

const directories: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/** Undefined where no option names one; `reuse` where the host has to be searched. */
export function chosenSource(
  options: SourceOptions,
  names: readonly string[],
): Result<Source | 'reuse' | undefined> {
  const { cert, key, reuse, selfSigned, ca, acme } = options;
  const named = {
    '--cert': cert !== undefined || key !== undefined,
    '--reuse': reuse,
    '--self-signed': selfSigned,
    '--ca': ca !== undefined,
    '--acme': acme !== undefined,
  };
  const chosen = Object.entries(named).flatMap(([flag, given]) => (given ? [flag] : []));
  if (chosen.length > 1) {
    return fail('usage', `cannot get the certificate: needs one source: there are ${chosen.join(' and ')}`);
  }
  const { keyType } = options;
  if (cert !== undefined || key !== undefined) {
    return cert !== undefined && key !== undefined
      ? ok({ kind: 'files', cert: absolute(cert), key: absolute(key) })
      : fail('usage', 'cannot get the certificate: needs both --cert and --key: one is missing');
  }
  if (reuse) return ok('reuse');
  if (selfSigned) return ok({ kind: 'self-signed', names, keyType, days: options.days ?? 365 });
  if (ca !== undefined) {
    const folder = ca === true ? authorityFolder() : absolute(ca);
    return ok({ kind: 'authority', folder, names, keyType, days: options.days ?? 90 });
  }
  return acme === undefined ? ok(undefined) : acmeSource(acme, options, names);
}

function acmeSource(server: string, options: SourceOptions, names: readonly string[]): Result<Source> {
  const directory = directories[server] ?? server;
  if (!URL.canParse(directory) || new URL(directory).protocol !== 'https:') {
    return fail(
      'usage',
      `cannot use ACME: needs ${Object.keys(directories).join(', ')} or an https URL: ${server}`,
    );
  }
  if (!options.agreeTerms) {
    return fail('usage', 'cannot use ACME: you must agree to the terms of the server: you have not', {
      hint: 'read them at the server, then give --agree-terms',
    });
  }
  const challenge = acmeChallenge(options, names);
  if (!challenge.ok) return challenge;
  const { eabId, eabKeyFile, acmeRoots } = options;
  if ((eabId === undefined) !== (eabKeyFile === undefined)) {
    return fail('usage', 'cannot bind the account: needs both --eab-id and --eab-key-file: one is missing');
  }
  return ok({
    kind: 'acme',
    directory,
    ...(acmeRoots === undefined ? {} : { roots: absolute(acmeRoots) }),
    contact: options.contact,
    names,
    keyType: options.keyType,
    challenge: challenge.value,
    ...(eabId === undefined || eabKeyFile === undefined
      ? {}
      : { binding: { id: eabId, keyFile: absolute(eabKeyFile) } }),
    reuseKey: options.reuseKey,
  });
}

function acmeChallenge(
  { webroot, dnsHook, httpPort }: SourceOptions,
  names: readonly string[],
): Result<AcmeChallenge> {
  const ways = [webroot, dnsHook, httpPort].filter((way) => way !== undefined).length;
  if (ways > 1) {
    return fail(
      'usage',
      'cannot use ACME: needs one of --webroot, --dns-hook, --http-port: there are several',
    );
  }
  if (dnsHook !== undefined) return ok({ type: 'dns-01', hook: [absolute(dnsHook)] });
  if (names.some((name) => name.startsWith('*.'))) {
    return fail('usage', 'cannot use ACME: a name with * needs --dns-hook: RFC 8555 knows no other way');
  }
  return ok(
    webroot === undefined
      ? { type: 'http-01', port: httpPort ?? 80 }
      : { type: 'http-01', webroot: absolute(webroot) },
  );
}

export const nameOption: z.ZodType<string> = z
  .string()
  .refine((name) => isHostName(name.replace(/^\*\./, '')), 'needs a host name');

/** What is kept is read again from another folder. */
export function absolute(path: string): string {
  return path.startsWith('/') ? path : `${process.cwd()}/${path}`;
}
