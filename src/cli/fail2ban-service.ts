/** Stops fail2ban and keeps it from starting at boot, where the agent runs its jails; and puts it back as it was. By systemd. */
import { ok, type Result } from '../base/result.ts';
import { run } from '../host/run.ts';
import { succeed } from '../host/succeed.ts';

const unit = 'fail2ban.service';
/** It takes its rules out of the firewall one by one. */
const timeoutMs = 120_000;

export interface StoppedFail2ban {
  /** It was started at boot. */
  readonly enabled: boolean;
}

/** Undefined where systemd does not run it: whoever started it by hand ends it by hand. */
export async function fail2banService(): Promise<StoppedFail2ban | undefined> {
  if (!(await says(['systemctl', 'is-active', unit], 'active'))) return undefined;
  return { enabled: await says(['systemctl', 'is-enabled', unit], 'enabled') };
}

export async function stopFail2ban({ enabled }: StoppedFail2ban): Promise<Result<void>> {
  const argv = ['systemctl', ...(enabled ? ['disable', '--now'] : ['stop']), unit];
  const stopped = await succeed('stop fail2ban', argv, { timeoutMs });
  return stopped.ok ? ok() : stopped;
}

export async function startFail2ban({ enabled }: StoppedFail2ban): Promise<Result<void>> {
  const argv = ['systemctl', ...(enabled ? ['enable', '--now'] : ['start']), unit];
  const started = await succeed('start fail2ban again', argv, { timeoutMs });
  return started.ok ? ok() : started;
}

async function says(argv: readonly string[], word: string): Promise<boolean> {
  const ran = await run(argv, { timeoutMs: 10_000 });
  return ran.ok && ran.value.stdout.trim() === word;
}
