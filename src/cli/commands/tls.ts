/** `portreeve tls`: the encryption of a mail server. */
import { Command } from 'commander';
import { tlsCa } from './tls-ca.ts';
import { tlsDiagnose } from './tls-diagnose.ts';
import { tlsEnable } from './tls-enable.ts';
import { tlsTest } from './tls-test.ts';
import { tlsTraffic } from './tls-traffic.ts';

export function tls(): Command {
  return new Command('tls')
    .description('test and install the encryption of a mail server')
    .addCommand(tlsTest())
    .addCommand(tlsTraffic())
    .addCommand(tlsDiagnose())
    .addCommand(tlsEnable())
    .addCommand(tlsCa());
}
