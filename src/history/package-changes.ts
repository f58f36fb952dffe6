/** What a run of the package manager has done: two lists of dpkg-query, compared. */
export interface PackageChange {
  readonly verb: 'installed' | 'upgraded' | 'removed';
  readonly name: string;
  readonly words: string;
}

/** Each list: a package and its version a line. */
export function packageChanges(before: string, after: string): PackageChange[] {
  const [old, now] = [read(before), read(after)];
  const found: PackageChange[] = [];
  for (const [name, version] of now) {
    const was = old.get(name);
    if (was === undefined) found.push({ verb: 'installed', name, words: version });
    // Which of two versions is the later one only dpkg knows; to go back is rare, and the versions are told.
    else if (was !== version) found.push({ verb: 'upgraded', name, words: `${was} → ${version}` });
  }
  for (const [name, version] of old) {
    if (!now.has(name)) found.push({ verb: 'removed', name, words: version });
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The reason of the record: `portreeve history undo --to "before the upgrade of exim4"` finds it by these. */
export function packagesReason(changes: readonly PackageChange[]): string {
  const [first, ...more] = changes;
  if (first === undefined) return 'packages: configured anew';
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  const lines = changes.map(({ verb, name, words }) => `${verb} ${name} ${words}`);
  return [`packages: ${first.verb} ${first.name}${rest}`, '', ...lines].join('\n').slice(0, 9000);
}

function read(list: string): Map<string, string> {
  return new Map(
    list
      .split('\n')
      .map((line) => line.trim().split(' '))
      .flatMap(([name = '', version = '']) => (name === '' || version === '' ? [] : [[name, version]])),
  );
}
