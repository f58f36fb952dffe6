/** `portreeve down`: hand this host back as it was before `up`; the history is kept aside. */
import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok, type Result } from '../../base/result.ts';
import { NftFirewall } from '../../guard/firewall/nft.ts';
import { untrack } from '../../history/untrack.ts';
import { systemClock } from '../../host/clock.ts';
import { readText, removeAll } from '../../host/files.ts';
import { isRoot } from '../../host/identity.ts';
import { replaceFile } from '../../host/replace-file.ts';
import { sha256 } from '../../host/sha256.ts';
import { succeed } from '../../host/succeed.ts';
import { act } from '../act.ts';
import { agentFolder } from '../../agent/control-place.ts';
import { standardPlace } from '../standard-place.ts';
import { ownCommand } from '../own-command.ts';
import type { Speaker } from '../speak.ts';
import { agreed } from '../tls-change.ts';
import { removeUnits } from '../units.ts';
import { readUpRecord, removeUpRecord, type UpRecord, writeUpRecord } from '../up-record.ts';

export function down(): Command {
  return new Command('down')
    .description('hand this host back as it was before up; what others have changed since stays')
    .option('-y, --yes', 'do not ask')
    .action(
      act(z.object({ yes: z.boolean().default(false) }), async ({ speak, options }) => {
        if (!isRoot())
          return fail('permission', 'cannot hand this host back: it needs root', {
            hint: 'run it again as root, or with sudo',
          });
        const read = await readUpRecord();
        if (!read.ok) return read;
        if (read.value === undefined) {
          speak.line('nothing to take back: up has done nothing here');
          speak.document({ changed: false });
          return ok(0);
        }
        for (const step of steps) if (step.applies(read.value)) speak.line(`  ${step.says}`);
        const may = await agreed(speak, options.yes);
        if (!may.ok) return may;
        if (!may.value) return ok(1);
        let record = read.value;
        for (const step of steps) {
          if (!step.applies(record)) continue;
          speak.line(speak.style.bold(step.says));
          const undone = await step.undo(speak, record);
          if (!undone.ok) return undone;
          record = undone.value;
          const written = await writeUpRecord(record);
          if (!written.ok) return written;
        }
        const removed = await removeUpRecord();
        if (!removed.ok) return removed;
        speak.line(speak.style.good('This host is as it was before.'));
        speak.document({ changed: true });
        return ok(0);
      }),
    );
}

interface DownStep {
  readonly says: string;
  readonly applies: (record: UpRecord) => boolean;
  readonly undo: (speak: Speaker, record: UpRecord) => Promise<Result<UpRecord>>;
}

/** In the reverse of the order in which `up` went. */
const steps: readonly DownStep[] = [
  {
    says: 'stop the services and remove their units',
    applies: ({ units }) => units.length > 0,
    undo: async (_speak, record) => {
      const removed = await removeUnits(record.units);
      return removed.ok ? ok({ ...record, units: [] }) : removed;
    },
  },
  {
    says: "take the guard's table out of the firewall",
    applies: () => true,
    undo: async (speak, record) => {
      const removed = await new NftFirewall().remove();
      // Where there is no nft, nothing of ours is in it.
      if (!removed.ok) speak.note(removed.problem.message);
      return ok(record);
    },
  },
  {
    says: 'put encryption back as it was',
    applies: ({ encryption }) => encryption,
    undo: async (speak, record) => {
      const disabled = await ownCommand(speak, ['tls', 'disable', '--yes']);
      return disabled.ok ? ok({ ...record, encryption: false }) : disabled;
    },
  },
  {
    says: 'end the history of the folder, and set it aside',
    applies: ({ history }) => history !== undefined,
    undo: async (speak, { history = '', ...record }) => {
      const ended = await untrack(history, systemClock.now());
      if (!ended.ok) return ended;
      if (ended.value !== undefined) speak.line(`    it lies in ${ended.value}`);
      return ok(record);
    },
  },
  {
    says: "put the settings file back as it was before fail2ban's jails, if nobody has changed it",
    applies: ({ jails }) => jails !== undefined,
    undo: async (speak, { jails, ...record }) => {
      const text = await readText(standardPlace);
      if (jails === undefined || !text.ok || sha256(text.value) !== jails.after) {
        speak.line(`    ${standardPlace} stays: it is not as up has left it`);
        return ok(record);
      }
      const written = await replaceFile(standardPlace, Buffer.from(jails.before));
      return written.ok ? ok(record) : written;
    },
  },
  {
    says: 'remove the settings file, if nobody has changed it',
    applies: ({ settings }) => settings !== undefined,
    undo: async (speak, { settings, ...record }) => {
      const text = await readText(standardPlace);
      if (text.ok && sha256(text.value) === settings) {
        const removed = await removeAll(standardPlace);
        if (!removed.ok) return removed;
        // Its folder as well, if nothing else lies in it.
        await succeed('remove the folder', [
          'rmdir',
          '--ignore-fail-on-non-empty',
          standardPlace.slice(0, standardPlace.lastIndexOf('/')),
        ]);
      } else speak.line(`    ${standardPlace} stays: it is not as up has written it`);
      return ok(record);
    },
  },
  {
    says: 'remove the user portreeve, and what the agent kept',
    applies: ({ user }) => user,
    undo: async (_speak, record) => {
      const removed = await succeed('remove the user portreeve', ['userdel', 'portreeve']);
      if (!removed.ok) return removed;
      const cleared = await removeAll(agentFolder());
      return cleared.ok ? ok({ ...record, user: false }) : cleared;
    },
  },
];
