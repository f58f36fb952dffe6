/** `portreeve tls`: the encryption of a mail server. */
import { Command } from 'commander';
import { tlsAudit } from './tls-audit.ts';
import { tlsCa } from './tls-ca.ts';
import { tlsDiagnose } from './tls-diagnose.ts';
import { tlsDisable } from './tls-disable.ts';
import { tlsEnable } from './tls-enable.ts';
import { tlsPolicy } from './tls-policy.ts';
import { tlsTest } from './tls-test.ts';
import { tlsTraffic } from './tls-traffic.ts';

export function tls(): Command {
  return new Command('tls')
    .description('test and install the encryption of a mail server')
    .addCommand(tlsTest())
    .addCommand(tlsAudit())
    .addCommand(tlsTraffic())
    .addCommand(tlsDiagnose())
    .addCommand(tlsEnable())
    .addCommand(tlsDisable())
    .addCommand(tlsPolicy())
    .addCommand(tlsCa());
}
