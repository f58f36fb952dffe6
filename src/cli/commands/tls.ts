/** `portreeve tls`: the encryption of a mail server. */
import { Command } from 'commander';
import { askedCommands } from '../asked-commands.ts';

/** With the command that is asked for alone, where it is one of these. */
export async function tls(asked?: string): Promise<Command> {
  const family = new Command('tls').description('test and install the encryption of a mail server');
  const commands = await askedCommands(
    {
      test: async () => (await import('./tls-test.ts')).tlsTest(),
      audit: async () => (await import('./tls-audit.ts')).tlsAudit(),
      traffic: async () => (await import('./tls-traffic.ts')).tlsTraffic(),
      diagnose: async () => (await import('./tls-diagnose.ts')).tlsDiagnose(),
      enable: async () => (await import('./tls-enable.ts')).tlsEnable(),
      disable: async () => (await import('./tls-disable.ts')).tlsDisable(),
      policy: async () => (await import('./tls-policy.ts')).tlsPolicy(),
      renew: async () => (await import('./tls-renew.ts')).tlsRenew(),
      records: async () => (await import('./tls-records.ts')).tlsRecords(),
      ca: async () => (await import('./tls-ca.ts')).tlsCa(),
    },
    asked,
  );
  for (const command of commands) family.addCommand(command);
  return family;
}
