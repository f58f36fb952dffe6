/** Carries one step of `up` out, and says in the record what was done, so that `down` can take it back. */
import { ok, type Result } from '../base/result.ts';
import { createFile } from '../host/create-file.ts';
import { makeFolder, readText } from '../host/files.ts';
import { sha256 } from '../host/sha256.ts';
import { stateFolder } from '../host/state-folder.ts';
import { succeed } from '../host/succeed.ts';
import type { HostFacts } from './host-facts.ts';
import { ownCommand } from './own-command.ts';
import { sections } from './sections.ts';
import { settingsTemplate } from './settings-template.ts';
import type { Speaker } from './speak.ts';
import { byHand, installUnits } from './units.ts';
import type { UpStep } from './up-plan.ts';
import type { UpRecord } from './up-record.ts';

export async function carryOutUp(
  speak: Speaker,
  { kind, command = [] }: UpStep,
  facts: HostFacts,
  record: UpRecord,
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
      if (!before.ok) return before;
      const taken = await ownCommand(speak, command);
      if (!taken.ok) return taken;
      const text = await readText(facts.settingsFile);
      if (!text.ok) return text;
      const after = sha256(text.value);
      // A file of our own is removed by `down` as it is then; somebody else's gets its old text back.
      return ok(
        record.settings === sha256(before.value)
          ? { ...record, settings: after }
          : { ...record, jails: { before: record.jails?.before ?? before.value, after } },
      );
    }
    case 'history': {
      const begun = await ownCommand(speak, command);
      return begun.ok ? ok({ ...record, history: facts.folder }) : begun;
    }
    case 'encryption': {
      const enabled = await ownCommand(speak, command);
      return enabled.ok ? ok({ ...record, encryption: true }) : enabled;
    }
    default: {
      const folder = await agentFolderOf();
      if (!folder.ok) return folder;
      if (facts.hasSystemd) {
        const units = await installUnits();
        return units.ok ? ok({ ...record, units: [...record.units, ...units.value] }) : units;
      }
      for (const line of byHand()) speak.line(`    ${line}`);
      return ok(record);
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
