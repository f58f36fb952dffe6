/** `portreeve history init DIR`: make a folder a tracked one, and record it as it is. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { recordChange } from '../../change/record-change.ts';
import { folderProfiles } from '../../history/folder-profile.ts';
import { initRepository } from '../../history/init-repository.ts';
import { parseReason } from '../../history/reason.ts';
import { act } from '../act.ts';

export function historyInit(): Command {
  return new Command('init')
    .description('track a folder: record it as it is, with owners and modes')
    .argument(
      '<dir>',
      `the folder, such as /etc/exim4; or ${folderProfiles.map(({ name }) => name).join(', ')}`,
    )
    .option('--adopt', 'take over the git repository that is in the folder, with its whole history')
    .option('-m, --reason <text>', 'why (default: that it is the first record)')
    .action(
      act(
        z.object({ reason: z.string().optional(), adopt: z.boolean().optional() }),
        async ({ speak, args: [dir = ''], options }) => {
          const reason = parseReason(options.reason ?? `first record of ${dir}`);
          if (!reason.ok) return reason;
          const made = await initRepository(dir, { adopt: options.adopt === true });
          if (!made.ok) return made;
          const { repository, within } = made.value;
          const recorded = await recordChange(repository.folder, reason.value, ({ phase, evidence }) => {
            speak.note(`${phase.padEnd(8)} ${evidence}`);
          });
          if (!recorded.ok) return recorded;
          const { commit, differences, leftOut } = recorded.value;
          speak.line(
            `${repository.folder} is tracked; record ${commit.slice(0, 12)} holds ${differences.length} paths`,
          );
          const secrets = differences.filter(({ after }) => after?.fingerprint !== undefined);
          for (const { path } of secrets) speak.line(`  by fingerprint only: ${path}`);
          for (const { path, why } of leftOut) speak.line(`  left out: ${path}: ${why}`);
          if (within !== undefined) {
            speak.note(
              `${within} is a git repository already; no .git file is put into ${repository.folder}, and portreeve history shows its history`,
            );
            if (within === repository.folder) speak.note('  hint: --adopt takes that repository over');
          }
          speak.document({ folder: repository.folder, gitDir: repository.gitDir, commit, within, leftOut });
          return ok(0);
        },
      ),
    );
}
