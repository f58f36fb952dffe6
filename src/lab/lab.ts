/**
 * The lab: a machine with a real Exim, a wild full of bots and a world of legitimate senders, each in
 * its own network. Everything else here (drill, thread, end-to-end tests) is played on it.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { isRoot } from '../host/identity.ts';
import { type MailServerOptions, startMailServer } from './mail-server.ts';
import { type Machine, openMachine } from './machine.ts';
import { joinNetworks, senderNetwork, serverAddress } from './network.ts';
import { type PackageRequest, preparePackages } from './packages.ts';

export interface LabOptions {
  readonly layout?: MailServerOptions['layout'];
  readonly fail2ban?: boolean;
  /** Further Debian packages to unpack. */
  readonly more?: PackageRequest['more'];
  readonly tell: (line: string) => void;
}

export const mailHost = 'mx.example.test';
export const mailDomain = 'example.test';
export const senderDomain = 'world.example';
export const mailboxes: readonly string[] = ['alice', 'bob'];

export async function openLab(options: LabOptions): Promise<Result<Machine>> {
  // Asked first: packages unpacked by somebody else would have lost owners and set-user-id bits.
  if (!isRoot()) {
    return fail('permission', 'cannot make a lab: namespaces and a real Exim need root', {
      hint: 'run it again as root, or with sudo',
    });
  }
  const tree = await preparePackages({
    fail2ban: options.fail2ban ?? false,
    more: options.more ?? [],
    tell: options.tell,
  });
  if (!tree.ok) return tree;
  const machine = await openMachine(tree.value, { name: mailHost, address: serverAddress });
  if (!machine.ok) return machine;
  const joined = await joinNetworks(machine.value);
  const started = joined.ok
    ? await startMailServer(machine.value, {
        layout: options.layout ?? 'unsplit',
        hostname: mailHost,
        domain: mailDomain,
        mailboxes,
        senders: { domain: senderDomain, address: `${senderNetwork}.0.1` },
        login: { name: 'alice', password: 'correct horse battery staple' },
      })
    : joined;
  if (!started.ok) {
    await machine.value.close();
    return started;
  }
  return ok(machine.value);
}
