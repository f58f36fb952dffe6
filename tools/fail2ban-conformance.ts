// The sample logs of Debian's fail2ban, through our engine, file by file; with --differential, Debian's engine
// beside ours on the same lines, and on so many mutated ones for each option set of each filter. The package
// is unpacked into the cache as the lab does it, and read there.
//
// Exit status: 0 if all pass but those that fail for fail2ban itself, and nothing differs; 1 otherwise; 3 without
// the package.

import { preparePackages } from '../src/lab/packages.ts';
import { compareEngines } from './fail2ban-differential.ts';
import { runSamples } from './fail2ban-samples.ts';

/** They include a file that the package does not have; fail2ban's own tests of them fail as well. */
const broken: Readonly<Record<string, string>> = {
  'zzz-generic-example': 'it includes ../../../../config/filter.d/common.conf, which the package lacks',
  'zzz-sshd-obsolete-multiline':
    'it includes ../../../../config/filter.d/common.conf, which the package lacks',
};

/** `mutated`: undefined for the samples alone. `only`: filters whose name it matches. */
export async function fail2banConformance(
  mutated: number | undefined,
  only: RegExp | undefined,
): Promise<number> {
  const tree = await preparePackages({ fail2ban: true, tell: (line) => console.log(line) });
  if (!tree.ok) {
    console.error(tree.problem.message);
    return 3;
  }
  const files = await runSamples(tree.value);
  let failed = 0;
  let samples = 0;
  for (const { name, samples: count, failures } of files) {
    samples += count;
    const reason = broken[name];
    if (failures.length === 0) console.log(`ok    ${name.padEnd(32)} ${String(count).padStart(4)} samples`);
    else if (reason !== undefined) console.log(`----  ${name.padEnd(32)} cannot pass: ${reason}`);
    else {
      failed += 1;
      console.log(`FAIL  ${name}`);
      for (const failure of failures) console.log(`        ${failure}`);
    }
  }
  const passed = files.filter(({ failures }) => failures.length === 0).length;
  console.log(
    `\n${files.length} files, ${samples} samples: ${passed} pass, ${failed} fail, ${files.length - passed - failed} cannot`,
  );
  if (failed > 0 || samples === 0) return 1;
  return mutated === undefined ? 0 : await differential(tree.value, mutated, only);
}

async function differential(tree: string, mutated: number, only: RegExp | undefined): Promise<number> {
  console.log(
    `\nEach option set of each filter on its samples and ${mutated} mutated lines, beside Debian's engine:`,
  );
  const found = await compareEngines(tree, mutated, only, (line) => console.log(line));
  const { sets, lines, matched, verdict, groups, overruns, theirOverruns } = found;
  console.log(`${sets} sets, ${lines} lines, ${matched} of them matched`);
  console.log(`${verdict} differences in verdict, ${groups} in groups, ${overruns} overruns`);
  console.log(`${theirOverruns} lines on which fail2ban did not end within 2 s: not compared`);
  return verdict + groups + overruns === 0 && lines > 0 ? 0 : 1;
}
