/** Looks at an installation: settings, user, folders, log, firewall, keeper, agent. Each finding by itself, whatever else is wrong. */
import { Settings } from '../base/settings.ts';
import type { Problem } from '../base/problem.ts';
import { readAccounts } from '../host/accounts.ts';
import { exists } from '../host/files.ts';
import { ownName } from '../host/own-name.ts';
import { run } from '../host/run.ts';
import { stateFolder } from '../host/state-folder.ts';
import { readChannels } from '../notice/channel.ts';
import { agentFolder } from '../agent/control-place.ts';
import { keeperHistory } from './keeper-history.ts';
import { keeperSocket } from './keeper-socket.ts';
import { readFileSettings } from './load-settings.ts';
import { PageClient } from './page-client.ts';
import { sections } from './sections.ts';

export interface HealthFinding {
  readonly state: 'good' | 'warning' | 'bad';
  readonly says: string;
  readonly hint?: string;
}

const log = '/var/log/exim4/mainlog';

export async function examine(config: string | undefined): Promise<readonly HealthFinding[]> {
  const read = await readFileSettings(config);
  const settings = read.ok ? read.value : new Settings(sections);
  return [
    ...(read.ok ? [good('the settings file is sound')] : read.problems.map(bad)),
    channels(settings),
    await user(),
    await folder(stateFolder(), 'root'),
    await folder(agentFolder(), 'portreeve'),
    await readableLog(),
    await firewall(),
    await keeper(),
    await agent(settings),
  ];
}

function channels(settings: Settings): HealthFinding {
  const read = readChannels(settings, ownName());
  if (!read.ok) return bad(read.problem);
  return read.value.length > 0
    ? good(`${read.value.length} channels tell somebody: portreeve notify test tries them`)
    : {
        state: 'warning',
        says: 'nobody is told when something needs a person',
        hint: 'add a [[notify.channel]] to the settings',
      };
}

async function user(): Promise<HealthFinding> {
  const found = (await readAccounts()).groupId('portreeve');
  return found.ok
    ? good('the user portreeve is there')
    : { state: 'bad', says: found.problem.message, hint: 'portreeve up makes it' };
}

/** Nobody else may write to it: what lies in it is trusted. */
async function folder(path: string, owner: string): Promise<HealthFinding> {
  if (!(await exists(path))) return { state: 'warning', says: `${path} is not there yet` };
  const ran = await run(['stat', '-c', '%U %a', path]);
  const [name, mode = '0'] = ran.ok ? ran.value.stdout.trim().split(' ') : [];
  const isOpen = (Number.parseInt(mode, 8) & 0o022) !== 0;
  if (name === owner && !isOpen) return good(`${path} is ${owner}'s alone to write`);
  return {
    state: 'bad',
    says: `${path} must be ${owner}'s alone to write: it is ${name ?? 'somebody'}'s, ${mode}`,
    hint: `chown ${owner} ${path} && chmod go-w ${path}`,
  };
}

async function readableLog(): Promise<HealthFinding> {
  if (!(await exists(log))) return { state: 'warning', says: `${log} is not there: the guard waits for it` };
  const ran = await run([
    'setpriv',
    '--reuid=portreeve',
    '--regid=portreeve',
    '--init-groups',
    'test',
    '-r',
    log,
  ]);
  if (ran.ok && ran.value.status === 0) return good(`the agent can read ${log}`);
  return {
    state: 'bad',
    says: `the agent cannot read ${log}`,
    hint: 'usermod -aG adm portreeve, and run doctor as root',
  };
}

async function firewall(): Promise<HealthFinding> {
  const ran = await run(['nft', 'list', 'tables']);
  if (!ran.ok)
    return {
      state: 'bad',
      says: 'there is no nft: the guard can only observe',
      hint: 'apt-get install nftables',
    };
  if (ran.value.status !== 0)
    return {
      state: 'warning',
      says: `nft does not answer: ${ran.value.stderr.trim().split('\n')[0] ?? ''}`,
      hint: 'run doctor as root',
    };
  return ran.value.stdout.includes('inet portreeve')
    ? good('the firewall has the table of the guard')
    : {
        state: 'warning',
        says: 'the firewall has no table of the guard: it observes, or does not run',
        hint: 'portreeve agent --firewall nft',
      };
}

async function keeper(): Promise<HealthFinding> {
  const asked = await keeperHistory(keeperSocket()).changes();
  return asked.ok ? good('the keeper answers') : bad(asked.problem);
}

async function agent(settings: Settings): Promise<HealthFinding> {
  const opened = await PageClient.open(settings);
  return opened.ok ? good('the agent answers') : bad(opened.problem);
}

function good(says: string): HealthFinding {
  return { state: 'good', says };
}

function bad({ message, hint }: Problem): HealthFinding {
  return { state: 'bad', says: message, ...(hint === undefined ? {} : { hint }) };
}
