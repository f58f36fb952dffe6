/** `portreeve tls ca`: a private certificate authority. */
import { Command } from 'commander';
import { z } from 'zod';
import { type Failed, fail, ok, type Result } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { createFile } from '../../host/create-file.ts';
import { readText } from '../../host/files.ts';
import { revocationReasons } from '../../host/revocation-reason.ts';
import { keyTypes } from '../../host/key-type.ts';
import type * as Authority from '../../tls/authority.ts';
import { authorityFolder } from '../../tls/authority-folder.ts';
import { readIssued } from '../../tls/authority-log.ts';
import { isHostName } from '../../tls/target.ts';
import { act } from '../act.ts';
import {
  type PassphraseOptions,
  passphraseOptions,
  readPassphrase,
  withPassphraseOptions,
} from '../read-passphrase.ts';
import type { Speaker } from '../speak.ts';
import { add } from '../tls-source-options.ts';

export function tlsCa(): Command {
  return new Command('ca')
    .description('a private certificate authority, for servers of your own')
    .addCommand(init())
    .addCommand(issue())
    .addCommand(list())
    .addCommand(revoke())
    .addCommand(exportRoot());
}

const folder = z.string().min(1, 'needs a folder').default(authorityFolder);
const whereOption = ['--dir <folder>', 'the folder of the authority (ca below the state folder)'] as const;

function init(): Command {
  const domain = z.string().refine(isHostName, 'needs a domain');
  const command = new Command('init')
    .description('make a new authority: ca.crt to hand out, ca.key to keep')
    .option(...whereOption)
    .option('--name <name>', 'its name, as people will see it', 'Portreeve private authority')
    .option(
      '--permit <domain>',
      'let it issue for this domain and those below it alone; may be repeated',
      add,
    )
    .option('--key-type <type>', 'p256 or p384', 'p256')
    .option('--no-passphrase', 'leave its key in clear, for whoever can read the file');
  return withPassphraseOptions(command).action(
    act(
      z.object({
        ...passphraseOptions,
        dir: folder,
        name: z.string().regex(/^[^\p{Cc}]{1,64}$/u, 'needs 1 to 64 characters'),
        permit: z.array(domain).default([]),
        keyType: z.enum(['p256', 'p384'], 'needs p256 or p384'),
        passphrase: z.boolean().default(true),
      }),
      async ({ speak, options }) => {
        const { dir, name, permit, keyType } = options;
        const passphrase = options.passphrase
          ? await readPassphrase(options, { act: 'make an authority', twice: true })
          : ok(undefined);
        if (!passphrase.ok) return passphrase;
        const { initAuthority } = await authority();
        const made = await initAuthority({
          folder: dir,
          commonName: name,
          permitted: permit.map((each) => each.toLowerCase().replace(/\.$/, '')),
          keyType,
          passphrase: passphrase.value,
          now: systemClock.now(),
        });
        if (!made.ok) return made;
        tell(speak, made.value);
        speak.line('Whoever has ca.key can be any server to whoever trusts ca.crt: keep it off line.');
        return ok(0);
      },
    ),
  );
}

function issue(): Command {
  const command = new Command('issue')
    .description('issue a certificate for a server')
    .argument('<name...>', 'the host names and addresses that it covers')
    .option(...whereOption)
    .option('--key-type <type>', keyTypes.join(', '), 'p256')
    .option('--days <n>', 'how long it is valid', '90')
    .requiredOption('--out <folder>', 'where NAME.crt and NAME.key are written');
  return withPassphraseOptions(command).action(
    act(
      z.object({
        ...passphraseOptions,
        dir: folder,
        out: z.string().min(1, 'needs a folder'),
        keyType: z.enum(keyTypes, `needs one of ${keyTypes.join(', ')}`),
        days: z
          .string()
          .regex(/^\d{1,4}$/, 'needs a number of days')
          .transform(Number)
          .refine((days) => days >= 1 && days <= 825, 'needs 1 to 825 days'),
      }),
      async ({ speak, args, options }) => {
        const passphrase = await passphraseFor(options.dir, options, 'issue a certificate');
        if (!passphrase.ok) return passphrase;
        const { issueLeafInto } = await authority();
        const { keyType, days } = options;
        const request = { names: args, keyType, days, passphrase: passphrase.value, now: systemClock.now() };
        const issued = await issueLeafInto(options.dir, options.out, request);
        if (!issued.ok) return issued;
        tell(speak, issued.value);
        return ok(0);
      },
    ),
  );
}

function list(): Command {
  return new Command('list')
    .description('list what the authority has issued: in force, expired, revoked')
    .option(...whereOption)
    .action(
      act(z.object({ dir: folder }), async ({ speak, options: { dir } }) => {
        const there = await readText(`${dir}/ca.crt`, 65_536);
        if (!there.ok) return withHint(there);
        const issued = await readIssued(dir);
        if (!issued.ok) return issued;
        const now = systemClock.now();
        const { good, warn, dim } = speak.style;
        for (const { serial, names, notAfter, revoked } of issued.value) {
          const state =
            revoked !== undefined
              ? warn(`revoked ${day(revoked.at)}`.padEnd(20))
              : notAfter <= now
                ? dim(`expired ${day(notAfter)}`.padEnd(20))
                : good(`valid until ${day(notAfter)}`.padEnd(20));
          speak.line(`${serial}  ${state}  ${names.join(', ')}`);
        }
        if (issued.value.length === 0) speak.line('It has issued nothing yet.');
        speak.document({
          issued: issued.value.map(({ at, notAfter, revoked, ...rest }) => ({
            ...rest,
            at: new Date(at).toISOString(),
            notAfter: new Date(notAfter).toISOString(),
            revoked:
              revoked === undefined
                ? null
                : { at: new Date(revoked.at).toISOString(), reason: revoked.reason },
          })),
        });
        return ok(0);
      }),
    );
}

function revoke(): Command {
  const command = new Command('revoke')
    .description(
      'revoke a certificate: by its serial number, or all in force for a name; makes a new crl.pem',
    )
    .argument('<serial-or-name>', 'as tls ca list shows them')
    .option('--reason <why>', revocationReasons.join(', '), 'superseded')
    .option(...whereOption);
  return withPassphraseOptions(command).action(
    act(
      z.object({
        ...passphraseOptions,
        dir: folder,
        reason: z.enum(revocationReasons, `needs one of ${revocationReasons.join(', ')}`),
      }),
      async ({ speak, args: [which = ''], options }) => {
        const passphrase = await passphraseFor(options.dir, options, 'revoke a certificate');
        if (!passphrase.ok) return passphrase;
        const { revoke: revokeNow } = await authority();
        const revoked = await revokeNow(options.dir, which, {
          passphrase: passphrase.value,
          reason: options.reason,
          now: systemClock.now(),
        });
        if (!revoked.ok) return revoked;
        for (const { serial, names } of revoked.value) speak.line(`revoked  ${serial}  ${names.join(', ')}`);
        speak.line(`list     ${options.dir}/crl.pem`);
        speak.document({ revoked: revoked.value.map(({ serial }) => serial), crl: `${options.dir}/crl.pem` });
        return ok(0);
      },
    ),
  );
}

function exportRoot(): Command {
  return new Command('export')
    .description('the root to hand out to clients: ca.crt on standard output, or into a new file')
    .option(...whereOption)
    .option('--out <file>', 'write it there')
    .option('--crl', 'the list of revoked certificates instead')
    .action(
      act(
        z.object({ dir: folder, out: z.string().min(1).optional(), crl: z.boolean().default(false) }),
        async ({ speak, options: { dir, out, crl } }) => {
          const text = await readText(`${dir}/${crl ? 'crl.pem' : 'ca.crt'}`, 1024 * 1024);
          if (!text.ok) return withHint(text);
          if (out === undefined) for (const line of text.value.trimEnd().split('\n')) speak.line(line);
          const written = out === undefined ? ok() : await createFile(out, text.value, 0o644);
          if (!written.ok) return written;
          speak.document(crl ? { crl: text.value } : { certificate: text.value });
          return ok(0);
        },
      ),
    );
}

/** Asked for only where the key is sealed. */
async function passphraseFor(
  dir: string,
  options: PassphraseOptions,
  what: string,
): Promise<Result<string | undefined>> {
  const { isLocked } = await authority();
  const locked = await isLocked(dir);
  if (!locked.ok) return locked;
  return locked.value ? await readPassphrase(options, { act: what, twice: false }) : ok(undefined);
}

/** Loaded when needed: the library that makes certificates takes longer to load than all the rest. */
async function authority(): Promise<typeof Authority> {
  return await import('../../tls/authority.ts');
}

function withHint({ problem }: Failed): Failed {
  return fail(problem.kind, problem.message, { hint: 'make the authority first: portreeve tls ca init' });
}

function tell(speak: Speaker, { certificate, key, notAfter }: Authority.Written): void {
  const until = new Date(notAfter).toISOString();
  speak.line(`certificate  ${certificate}`);
  speak.line(`key          ${key}`);
  speak.line(`valid until  ${until.slice(0, 10)}`);
  speak.document({ certificate, key, notAfter: until });
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
