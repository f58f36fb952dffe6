/**
 * Debian's fail2ban with the well-known filter and jail against mail bombs, and nothing else, banning
 * through nftables: what a careful administrator would set up from the recipe.
 */
import { ok, type Result } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import type { Machine } from '../machine.ts';
import { processUsage } from '../process-usage.ts';
import type { StartDefence, TimedBan } from './defence.ts';

const setup = `
rm -f /etc/fail2ban/jail.d/*
mkdir -p /run/fail2ban /var/lib/fail2ban
cat > /etc/fail2ban/filter.d/exim-dos.conf <<'END'
[Definition]
failregex = \\[<HOST>\\] .*refused: too many connections
ignoreregex =
END
cat > /etc/fail2ban/jail.d/exim-dos.conf <<'END'
[DEFAULT]
banaction = nftables-allports
[exim-dos]
enabled = true
filter = exim-dos
port = all
logpath = /var/log/exim4/mainlog
maxretry = 1
bantime = 3600
END
`;

export const startFail2ban: StartDefence = async (machine) => {
  const prepared = await machine.succeed('set up fail2ban', ['sh', '-eu', '-c', setup]);
  if (!prepared.ok) return prepared;
  const started = await machine.succeed('start fail2ban', ['fail2ban-client', '-x', 'start'], {
    timeoutMs: 30_000,
  });
  if (!started.ok) return started;
  // It is ready when its jail is.
  for (let tries = 0; ; tries += 1) {
    const jail = await machine.succeed("start fail2ban's jail", ['fail2ban-client', 'status', 'exim-dos']);
    if (jail.ok) break;
    if (tries === 50) return jail;
    await systemClock.sleep(100);
  }
  const pid = await machine.succeed('find fail2ban', ['cat', '/run/fail2ban/fail2ban.pid']);
  if (!pid.ok) return pid;
  return ok({
    bans: async () => await loggedBans(machine),
    usage: async () => await processUsage(machine, Number(pid.value.stdout)),
    stop: async () => {
      await machine.run(['fail2ban-client', 'stop']);
    },
  });
};

async function loggedBans(machine: Machine): Promise<Result<TimedBan[]>> {
  const log = await machine.succeed("read fail2ban's log", ['cat', '/var/log/fail2ban.log']);
  return log.ok ? ok(readBans(log.value.stdout)) : log;
}

/** `2026-11-23 08:47:13,123 fail2ban.actions [42]: NOTICE  [exim-dos] Ban 198.18.0.11`, in local time. */
export function readBans(log: string): TimedBan[] {
  const pattern = /^(\S+) (\S+),(\d{3}) .*NOTICE\s+\[exim-dos\] Ban (\S+)$/gm;
  return [...log.matchAll(pattern)].map(([, date, time, milliseconds, address = '']) => ({
    address,
    at: Date.parse(`${date}T${time}.${milliseconds}`),
  }));
}
