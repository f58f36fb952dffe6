/** Whether a server keeps to a profile: each way in which it does not, as a line. */
import type { AuditFacts } from '../audit-document.ts';
import type { Profile } from './profiles.ts';

export interface ProfileJudgement {
  /** `unknown` where nothing is known to fail, and something is not known. */
  readonly passes: 'yes' | 'no' | 'unknown';
  readonly failed: string[];
}

const day = 86_400_000;

export function judgeProfile(facts: AuditFacts, profile: Profile): ProfileJudgement {
  const spoken = facts.versions.filter(({ accepted }) => accepted === 'yes');
  const failed = [
    ...versions(facts, profile),
    ...spoken.flatMap(({ version, suites }) =>
      profile.versions.includes(version)
        ? listed(
            `${version} offers`,
            suites.filter((suite) => !profile.allows(suite)).map(({ name }) => name),
          )
        : [],
    ),
    ...groups(facts, profile),
    ...facts.chains.flatMap((chain) => certificate(chain.certificates[0], profile)),
    ...order(facts, profile),
    ...(profile.extendedMasterSecret &&
    facts.features.extendedMasterSecret === 'no' &&
    spoken.some(({ version }) => version === 'TLSv1.2')
      ? ['no extended master secret (RFC 7627) in TLS 1.2']
      : []),
  ];
  const doubtful =
    facts.versions.length === 0 || facts.versions.some(({ accepted }) => accepted === 'unknown');
  return { passes: failed.length > 0 ? 'no' : doubtful ? 'unknown' : 'yes', failed };
}

function versions({ versions: found, smtp }: AuditFacts, profile: Profile): string[] {
  if (found.length === 0) return [`no TLS: ${smtp.evidence}`];
  const bad = found.filter(
    ({ version, accepted }) => accepted === 'yes' && !profile.versions.includes(version),
  );
  const [wanted] = profile.versions;
  const lacks = found.some(({ version, accepted }) => version === wanted && accepted === 'no');
  return [
    ...bad.map(({ version }) => `${version} is accepted`),
    ...(lacks && profile.id !== 'rfc9325' ? [`${wanted ?? ''} is not offered`] : []),
  ];
}

function groups({ versions: found }: AuditFacts, { groups: allowed }: Profile): string[] {
  if (allowed === undefined) return [];
  const offered = new Set(found.flatMap((version) => version.groups ?? []));
  return listed(
    'offers',
    [...offered].filter((name) => !allowed.includes(name)),
  );
}

function certificate(
  leaf: AuditFacts['chains'][number]['certificates'][number] | undefined,
  { rsaBits, curves, days }: Profile,
): string[] {
  if (leaf === undefined) return [];
  const life = (Date.parse(leaf.notAfter) - Date.parse(leaf.notBefore)) / day;
  const fits =
    leaf.keyKind === 'RSA'
      ? rsaBits > 0 && leaf.keyBits >= rsaBits
      : curves.some((curve) => leaf.key.endsWith(curve));
  return [
    ...(fits ? [] : [`the certificate has a key of ${leaf.key}`]),
    ...(days !== undefined && life > days + 1
      ? [`the certificate lives ${Math.round(life)} days: at most ${days}`]
      : []),
    ...(/md5|sha1(?!\d)|-sha1$/i.test(leaf.signature) && !leaf.selfSigned
      ? [`the certificate is signed with ${leaf.signature}`]
      : []),
  ];
}

function order({ versions: found }: AuditFacts, { good }: Profile): string[] {
  if (good === undefined) return [];
  return found
    .filter(
      ({ order: whose, suites }) => whose === 'client' && suites.some(({ name }) => !good.includes(name)),
    )
    .map(({ version }) => `${version} follows the client's order of suites`);
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 6).join(', ');
  return [`${what} ${shown}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`];
}
