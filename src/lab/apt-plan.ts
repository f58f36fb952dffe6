/**
 * What `apt-get -s install` would unpack: its lines `Inst NAME [OLD] (NEW …)`.
 *
 * Only names and versions are taken; what it would configure, start or remove never happens, because
 * the lab unpacks the packages into a folder of its own.
 */
export interface AptPackage {
  readonly name: string;
  readonly version: string;
}

export function readAptPlan(simulation: string): AptPackage[] {
  const planned: AptPackage[] = [];
  for (const line of simulation.split('\n')) {
    const match = /^Inst (?<name>[a-z0-9][a-z0-9+.:-]*) (?:\[[^\]]*\] )?\((?<version>[^ )]+)/.exec(line);
    if (match?.groups?.['name'] !== undefined && match.groups['version'] !== undefined) {
      planned.push({ name: match.groups['name'], version: match.groups['version'] });
    }
  }
  return planned;
}
