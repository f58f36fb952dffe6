// The sample logs of Debian's fail2ban, through our engine, file by file. The package is unpacked into the
// cache as the lab does it, and read there.
//
// Exit status: 0 if all pass but those that fail for fail2ban itself, 1 if others fail, 3 without the package.

import { preparePackages } from '../src/lab/packages.ts';
import { runSamples } from './fail2ban-samples.ts';

/** They include a file that the package does not have; fail2ban's own tests of them fail as well. */
const broken: Readonly<Record<string, string>> = {
  'zzz-generic-example': 'it includes ../../../../config/filter.d/common.conf, which the package lacks',
  'zzz-sshd-obsolete-multiline':
    'it includes ../../../../config/filter.d/common.conf, which the package lacks',
};

export async function fail2banConformance(): Promise<number> {
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
  return failed === 0 && samples > 0 ? 0 : 1;
}
