/** `portreeve tls enable`: install a certificate, turn STARTTLS on, prove it; or leave all as it was. */
import { Command } from 'commander';
import { z } from 'zod';
import type { Edit } from '../../base/edit.ts';
import { type Failed, fail, ok, type Result } from '../../base/result.ts';
import { makeChange } from '../../change/make-change.ts';
import { readDebianConfiguration } from '../../exim/debian-configuration.ts';
import { listeningPorts } from '../../exim/debian-listening.ts';
import { mailHostName } from '../../exim/debian-mail-host.ts';
import { debianPlaces } from '../../exim/debian-places.ts';
import { installedTlsLibrary } from '../../exim/debian-tls-library.ts';
import { systemClock } from '../../host/clock.ts';
import { isRoot } from '../../host/identity.ts';
import { type NamedFile, readNamedFile } from '../../host/named-file.ts';
import { type CertificateToInstall, readCertificateToInstall } from '../../tls/certificate-to-install.ts';
import { tryPolicyOptions } from '../../tls/cipher-trial.ts';
import { planEnable } from '../../tls/enable.ts';
import { policies, type PolicyName, policyNames, policyOptions } from '../../tls/policy.ts';
import { type StarttlsProof, starttlsProof } from '../../tls/starttls-proof.ts';
import { isHostName } from '../../tls/target.ts';
import { act } from '../act.ts';
import type { Speaker } from '../speak.ts';

const file = z.string().min(1, 'needs a file');

const options = z.object({
  cert: file,
  key: file,
  ca: file.optional(),
  policy: z.enum(policyNames, `needs one of ${policyNames.join(', ')}`),
  name: z.string().refine(isHostName, 'needs a host name').optional(),
  dryRun: z.boolean().default(false),
  reason: z.string().optional(),
});

type Options = z.infer<typeof options>;

export function tlsEnable(): Command {
  return new Command('enable')
    .description("install a certificate and turn STARTTLS on, on Debian's Exim")
    .requiredOption('--cert <file>', 'the certificate in PEM, with its intermediate certificates')
    .requiredOption('--key <file>', 'its key in PEM, without a passphrase')
    .option('--policy <name>', `versions and ciphers: ${policyNames.join(', ')}`, 'intermediate')
    .option('--name <host>', "the mail host that the certificate must cover (Exim's primary_hostname)")
    .option('--ca <file>', 'the authority that must have issued it, in PEM')
    .option('--dry-run', 'show what would be changed, and change nothing')
    .option('--reason <text>', 'why, for the history')
    .action(act(options, async ({ speak, options: given }) => await enable(speak, given)));
}

async function enable(speak: Speaker, given: Options): Promise<Failed | { ok: true; value: 0 }> {
  if (!isRoot()) {
    return fail('permission', 'cannot turn TLS on: it needs root', {
      hint: 'run it again as root, or with sudo',
    });
  }
  const name = given.name === undefined ? await mailHostName() : ok(given.name);
  if (!name.ok) return name;
  const read = await readCertificateToInstall({ ...given, hostName: name.value, now: systemClock.now() });
  if (!read.ok) return sayAll(speak, read.problems);
  const edits = await plan(given.policy, read.value);
  if (!edits.ok) return edits;
  const proofs = await proofsOf(given.policy, name.value, read.value);
  if (!proofs.ok) return proofs;
  if (given.dryRun) return show(speak, edits.value, proofs.value);
  if (edits.value.length === 0) return await confirm(speak, proofs.value);
  const changed = await makeChange(
    {
      folder: debianPlaces.folder,
      reason: given.reason ?? `Turn STARTTLS on for ${name.value} (policy ${given.policy})`,
      edits: edits.value,
      proofs: proofs.value,
    },
    ({ phase, evidence }) => {
      speak.line(`${speak.style.dim(phase.padEnd(9))} ${evidence}`);
    },
  );
  if (!changed.ok) return changed;
  speak.line(speak.style.good(`STARTTLS is on for ${name.value}.`));
  speak.document({ changed: true, ...changed.value });
  return ok(0);
}

async function plan(policy: PolicyName, certificate: CertificateToInstall): Promise<Result<Edit[]>> {
  const library = await installedTlsLibrary();
  if (!library.ok) return library;
  const wanted = policyOptions(policy, library.value);
  const tried = await tryPolicyOptions(wanted);
  if (!tried.ok) return tried;
  const configuration = await readDebianConfiguration(debianPlaces.folder);
  if (!configuration.ok) return configuration;
  const present = new Map<string, NamedFile>();
  for (const path of [`${debianPlaces.folder}/exim.crt`, `${debianPlaces.folder}/exim.key`]) {
    const found = await readNamedFile(path);
    if (!found.ok) return withHint(found);
    if (found.value !== undefined) present.set(path, found.value);
  }
  return planEnable({ ...certificate, configuration: configuration.value, options: wanted, present });
}

/** As certbot's users link it. A link would let whoever owns its target change what Exim serves. */
function withHint({ problem }: Failed): Failed {
  return {
    ok: false,
    problem: { ...problem, hint: 'remove the link; Portreeve puts a copy there, readable by Exim' },
  };
}

async function proofsOf(
  policy: PolicyName,
  name: string,
  { leaf, roots }: CertificateToInstall,
): Promise<Result<StarttlsProof[]>> {
  const ports = await listeningPorts();
  if (!ports.ok) return ports;
  return ok(
    ports.value.map(({ host, port, implicit }) =>
      starttlsProof({
        endpoint: { host, port },
        implicit,
        name,
        fingerprint: leaf.fingerprint,
        refuses: policies[policy].refuses,
        ...(roots === undefined ? {} : { roots }),
      }),
    ),
  );
}

/** Everything that is wrong with a certificate is said; the last of it ends the command. */
function sayAll(speak: Speaker, problems: readonly Failed['problem'][]): Failed {
  for (const problem of problems.slice(0, -1)) speak.problem(problem);
  const last = problems.at(-1);
  if (last === undefined) throw new Error('a certificate was refused without a reason');
  return { ok: false, problem: last };
}

function show(
  speak: Speaker,
  edits: readonly Edit[],
  proofs: readonly StarttlsProof[],
): { ok: true; value: 0 } {
  for (const { path, mode, owner, group } of edits) {
    const look =
      mode === undefined ? '' : `  ${owner ?? ''}:${group ?? ''} ${mode.toString(8).padStart(4, '0')}`;
    speak.line(`would write  ${path}${look}`);
  }
  if (edits.length === 0) speak.line('nothing to write: every file is so already');
  for (const { claim } of proofs) speak.line(`would prove  ${claim}`);
  speak.document({
    changed: false,
    would: { write: edits.map(({ path }) => path), prove: proofs.map((p) => p.claim) },
  });
  return ok(0);
}

/** Nothing to write does not mean that it is in force. */
async function confirm(
  speak: Speaker,
  proofs: readonly StarttlsProof[],
): Promise<Failed | { ok: true; value: 0 }> {
  speak.line('nothing to change: every file is so already');
  for (const { claim, prove } of proofs) {
    const proved = await prove();
    if (!proved.ok) {
      const hint = 'the files are right, so Exim may need a reload: systemctl reload exim4';
      return { ok: false, problem: { ...proved.problem, hint } };
    }
    speak.line(`${speak.style.dim('prove'.padEnd(9))} ${claim}: ${proved.value}`);
  }
  speak.document({ changed: false });
  return ok(0);
}
