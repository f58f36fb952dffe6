/** Carries one step of `up` out, and says in the record what was done, so that it can be taken back. */
import { ok, type Result } from '../base/result.ts';
import { createFile } from '../host/create-file.ts';
import { makeFolder, readText } from '../host/files.ts';
import { sha256 } from '../host/sha256.ts';
import { stateFolder } from '../host/state-folder.ts';
import { succeed } from '../host/succeed.ts';
import { stopFail2ban } from './fail2ban-service.ts';
import type { HostFacts } from './host-facts.ts';
import { ownCommand } from './own-command.ts';
import { sections } from './sections.ts';
import { settingsTemplate } from './settings-template.ts';
import type { Speaker } from './speak.ts';
import { byHand, installUnits, missingUnits } from './units.ts';
import type { UpStep } from './up-plan.ts';
import type { UpRecord } from './up-record.ts';

export async function carryOutUp(
  speak: Speaker,
  { kind, command = [], enforces = false }: UpStep,
  facts: HostFacts,
  record: UpRecord,
  note: (record: UpRecord) => Promise<Result<void>>,
): Promise<Result<UpRecord>> {
  switch (kind) {
    case 'user': {
      const home = stateFolder();
      const made = await succeed('make the user portreeve', [
        'useradd',
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        home,
        '--shell',
        '/usr/sbin/nologin',
        '--groups',
        'adm',
        'portreeve',
      ]);
      return made.ok ? ok({ ...record, user: true }) : made;
    }
    case 'settings': {
      const folder = await makeFolder(facts.settingsFile.slice(0, facts.settingsFile.lastIndexOf('/')));
      if (!folder.ok) return folder;
      const text = settingsTemplate(sections);
      const written = await createFile(facts.settingsFile, text, 0o644);
      return written.ok ? ok({ ...record, settings: sha256(text) }) : written;
    }
    case 'jails': {
      const before = await readText(facts.settingsFile);
      if (!before.ok && before.problem.kind !== 'missing') return before;
      const taken = await ownCommand(speak, command);
      const text = await readText(facts.settingsFile);
      // Jails that cannot be run are a problem of the command's own; the plan has told of them.
      const isDone = text.ok && text.value !== (before.ok ? before.value : '');
      if (!taken.ok && !(facts.jailsLeft.length > 0 && isDone)) return taken;
      if (!text.ok) return text;
      const jails = {
        before: record.jails?.before ?? (before.ok ? before.value : ''),
        after: sha256(text.value),
      };
      return ok({ ...record, jails });
    }
    case 'history': {
      const begun = await ownCommand(speak, command);
      return begun.ok ? ok({ ...record, history: facts.folder }) : begun;
    }
    case 'encryption': {
      const enabled = await ownCommand(speak, command);
      return enabled.ok ? ok({ ...record, encryption: true }) : enabled;
    }
    case 'fail2ban': {
      const { fail2ban } = facts;
      if (fail2ban === undefined) return ok(record);
      const stopped = await stopFail2ban(fail2ban);
      return stopped.ok ? ok({ ...record, fail2ban }) : stopped;
    }
    default: {
      const folder = await agentFolderOf();
      if (!folder.ok) return folder;
      if (!facts.hasSystemd) {
        for (const line of byHand(enforces)) speak.line(`    ${line}`);
        return ok(record);
      }
      const units = await missingUnits(enforces);
      const next = { ...record, units: [...record.units, ...units] };
      // Noted before: a start that fails leaves units behind.
      const noted = await note(next);
      if (!noted.ok) return noted;
      const installed = await installUnits(units);
      return installed.ok ? ok(next) : installed;
    }
  }
}

/** The agent writes there alone; it is its user's. */
async function agentFolderOf(): Promise<Result<void>> {
  const argv = [
    'install',
    '-d',
    '-o',
    'portreeve',
    '-g',
    'portreeve',
    '-m',
    '0755',
    `${stateFolder()}/agent`,
  ];
  const made = await succeed("make the agent's folder", argv);
  if (!made.ok) return made;
  // What root has put there before, such as the bans of jails that were taken over.
  const given = await succeed("give the agent what is the agent's", [
    'chown',
    '-R',
    'portreeve:portreeve',
    `${stateFolder()}/agent`,
  ]);
  return given.ok ? ok() : given;
}
