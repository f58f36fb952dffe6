/** Takes back what `up` has done, by its record, the last first; what others have changed since stays. */
import { ok, type Result } from '../base/result.ts';
import { untrack } from '../history/untrack.ts';
import { systemClock } from '../host/clock.ts';
import { readText, removeAll } from '../host/files.ts';
import { dirname } from '../host/paths.ts';
import { replaceFile } from '../host/replace-file.ts';
import { sha256 } from '../host/sha256.ts';
import { succeed } from '../host/succeed.ts';
import { agentFolder } from '../agent/control-place.ts';
import { startFail2ban } from './fail2ban-service.ts';
import { ownCommand } from './own-command.ts';
import { removeTables } from './remove-tables.ts';
import type { Speaker } from './speak.ts';
import { standardPlace } from './standard-place.ts';
import { removeUnits } from './units.ts';
import type { UpRecord } from './up-record.ts';

/** What would be done, in words. */
export function sayTakenBack(record: UpRecord): string[] {
  return steps.filter(({ applies }) => applies(record)).map(({ says }) => says);
}

/** `note` is given what is left after each step. */
export async function takeBack(
  speak: Speaker,
  record: UpRecord,
  note: (left: UpRecord) => Promise<Result<void>>,
): Promise<Result<void>> {
  let left = record;
  for (const step of steps) {
    if (!step.applies(left)) continue;
    speak.line(speak.style.bold(step.says));
    const undone = await step.undo(speak, left);
    if (!undone.ok) return undone;
    left = undone.value;
    const noted = await note(left);
    if (!noted.ok) return noted;
  }
  return ok();
}

interface TakenBack {
  readonly says: string;
  readonly applies: (record: UpRecord) => boolean;
  readonly undo: (speak: Speaker, record: UpRecord) => Promise<Result<UpRecord>>;
}

/** In the reverse of the order in which `up` went. */
const steps: readonly TakenBack[] = [
  {
    // Before the agent goes: at no moment does nobody guard.
    says: 'start fail2ban again, as it was',
    applies: ({ fail2ban }) => fail2ban !== undefined,
    undo: async (_speak, { fail2ban, ...record }) => {
      const started = await startFail2ban(fail2ban ?? { enabled: false });
      return started.ok ? ok(record) : started;
    },
  },
  {
    says: 'stop the services and remove their units',
    applies: ({ units }) => units.length > 0,
    undo: async (_speak, record) => {
      const removed = await removeUnits(record.units);
      return removed.ok ? ok({ ...record, units: [] }) : removed;
    },
  },
  {
    says: "take the guard's tables out of the firewall",
    applies: () => true,
    undo: async (speak, record) => {
      const removed = await removeTables();
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
      // There was none: `fail2ban import` has made it.
      if (jails.before === '' && record.settings === undefined) {
        const removed = await removeSettings();
        return removed.ok ? ok(record) : removed;
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
        const removed = await removeSettings();
        if (!removed.ok) return removed;
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

/** Its folder as well, if nothing else lies in it. */
async function removeSettings(): Promise<Result<void>> {
  const removed = await removeAll(standardPlace);
  if (!removed.ok) return removed;
  await succeed('remove the folder', ['rmdir', '--ignore-fail-on-non-empty', dirname(standardPlace)]);
  return ok();
}
