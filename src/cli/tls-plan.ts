/** Plans TLS on this host's Exim as it is now: what to write, and what to prove of it afterwards. */
import { ok, type Result } from '../base/result.ts';
import type { Proof } from '../change/change.ts';
import { readDebianConfiguration } from '../exim/debian-configuration.ts';
import { debianPlaces } from '../exim/debian-places.ts';
import type { InstalledExim } from '../exim/inspect-exim.ts';
import { readAccounts } from '../host/accounts.ts';
import type { Certificate } from '../host/certificate.ts';
import type { NamedFile } from '../host/named-file.ts';
import { readPathState } from '../host/path-state.ts';
import { tryPolicyOptions } from '../tls/cipher-trial.ts';
import { type EnablePlan, planEnable } from '../tls/enable.ts';
import { checkKeyFolders, type FolderOnTheWay } from '../tls/key-folder-check.ts';
import { policies, type PolicyName, policyOptions } from '../tls/policy.ts';
import { policyWarnings } from '../tls/policy-warnings.ts';
import { tlsProofs } from './tls-proofs.ts';

export interface TlsPlanRequest {
  readonly exim: InstalledExim;
  readonly hostName: string;
  readonly policy: PolicyName;
  readonly ports: readonly number[];
  /** What to install; without it what lies there stays, or nobody knows yet. */
  readonly pair?: { readonly certificate: string; readonly key: string } | undefined;
  /** Of the certificate that shall be served; without it there is nothing to prove yet. */
  readonly leaf?: Certificate | undefined;
  readonly roots?: readonly string[] | undefined;
}

export interface TlsPlan {
  readonly plan: EnablePlan;
  readonly proofs: readonly Proof[];
}

export async function planTls(request: TlsPlanRequest): Promise<Result<TlsPlan>> {
  const { exim, hostName, policy, ports, pair, leaf, roots } = request;
  const { folder } = debianPlaces;
  const placed = await foldersSafe(folder);
  if (!placed.ok) return placed;
  const options = policyOptions(policy, exim.library);
  const tried = await tryPolicyOptions(options);
  if (!tried.ok) return tried;
  const configuration = await readDebianConfiguration(folder);
  if (!configuration.ok) return configuration;
  const present = await presentPair(folder);
  if (!present.ok) return present;
  const plan = planEnable({
    ...pair,
    configuration: configuration.value,
    options,
    ports,
    present: present.value,
  });
  if (!plan.ok) return plan;
  const warnings = [...plan.value.warnings, ...(leaf === undefined ? [] : policyWarnings(policy, leaf))];
  const fingerprint = leaf?.fingerprint ?? '';
  const proofs = await tlsProofs({ name: hostName, fingerprint, roots, policy: policies[policy], ports });
  return proofs.ok ? ok({ plan: { ...plan.value, warnings }, proofs: proofs.value }) : proofs;
}

async function foldersSafe(folder: string): Promise<Result<void>> {
  const onTheWay: FolderOnTheWay[] = [];
  for (let path = folder; ; path = path.slice(0, path.lastIndexOf('/')) || '/') {
    const state = await readPathState(path);
    if (!state.ok) return state;
    if (state.value !== undefined) onTheWay.push({ path, state: state.value });
    if (path === '/') break;
  }
  const [problem] = checkKeyFolders(onTheWay, await readAccounts());
  return problem === undefined ? ok() : { ok: false, problem };
}

async function presentPair(folder: string): Promise<Result<Map<string, NamedFile>>> {
  const present = new Map<string, NamedFile>();
  const accounts = await readAccounts();
  for (const path of [`${folder}/exim.crt`, `${folder}/exim.key`]) {
    const found = await readPathState(path);
    if (!found.ok) return found;
    // A link, as certbot's users make one, gives way to a copy: whoever owns its target would choose what Exim serves.
    if (found.value?.kind !== 'file') continue;
    const { content, uid, gid, mode } = found.value;
    present.set(path, { content, mode, owner: accounts.userName(uid), group: accounts.groupName(gid) });
  }
  return ok(present);
}
