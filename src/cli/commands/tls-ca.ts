/** `portreeve tls ca`: a private certificate authority. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import type * as Authority from '../../tls/authority.ts';
import { act } from '../act.ts';
import type { Speaker } from '../speak.ts';

export function tlsCa(): Command {
  return new Command('ca')
    .description('a private certificate authority, for servers of your own')
    .addCommand(init())
    .addCommand(issue());
}

const folder = z.string().min(1, 'needs a folder');

function init(): Command {
  return new Command('init')
    .description('make a new authority: ca.crt to hand out, ca.key to keep')
    .requiredOption('--dir <folder>', 'where it is kept; made if it is not there')
    .option('--name <name>', 'its name, as people will see it', 'Portreeve private authority')
    .action(
      act(
        z.object({ dir: folder, name: z.string().regex(/^[^\p{Cc}]{1,64}$/u, 'needs 1 to 64 characters') }),
        async ({ speak, options: { dir, name } }) => {
          const { initAuthority } = await authority();
          const made = await initAuthority(dir, name, systemClock.now());
          if (!made.ok) return made;
          tell(speak, made.value);
          speak.line('Whoever has ca.key can be any server to whoever trusts ca.crt: keep it off line.');
          return ok(0);
        },
      ),
    );
}

function issue(): Command {
  return new Command('issue')
    .description('issue a certificate for a server, valid for 90 days')
    .argument('<name...>', 'the host names and addresses that it covers')
    .requiredOption('--dir <folder>', 'the folder of the authority')
    .requiredOption('--out <folder>', 'where NAME.crt and NAME.key are written')
    .action(
      act(z.object({ dir: folder, out: folder }), async ({ speak, args, options: { dir, out } }) => {
        const { issueLeaf } = await authority();
        const issued = await issueLeaf(dir, args, out, systemClock.now());
        if (!issued.ok) return issued;
        tell(speak, issued.value);
        return ok(0);
      }),
    );
}

/** Loaded when needed: the library that makes certificates takes longer to load than all the rest. */
async function authority(): Promise<typeof Authority> {
  return await import('../../tls/authority.ts');
}

function tell(speak: Speaker, { certificate, key, notAfter }: Authority.Written): void {
  const until = new Date(notAfter).toISOString();
  speak.line(`certificate  ${certificate}`);
  speak.line(`key          ${key}`);
  speak.line(`valid until  ${until.slice(0, 10)}`);
  speak.document({ certificate, key, notAfter: until });
}
