/** `portreeve down`: hand this host back as it was before `up`; the history is kept aside. */
import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok } from '../../base/result.ts';
import { isRoot } from '../../host/identity.ts';
import { act } from '../act.ts';
import { sayTakenBack, takeBack } from '../take-back.ts';
import { agreed } from '../tls-change.ts';
import { readUpRecord, removeUpRecord, writeUpRecord } from '../up-record.ts';

export function down(): Command {
  return new Command('down')
    .description('hand this host back as it was before up; what others have changed since stays')
    .option('-y, --yes', 'do not ask')
    .action(
      act(z.object({ yes: z.boolean().default(false) }), async ({ speak, options }) => {
        if (!isRoot())
          return fail('permission', 'cannot hand this host back: it needs root', {
            hint: 'run it again as root, or with sudo',
          });
        const read = await readUpRecord();
        if (!read.ok) return read;
        if (read.value === undefined) {
          speak.line('nothing to take back: up has done nothing here');
          speak.document({ changed: false });
          return ok(0);
        }
        for (const says of sayTakenBack(read.value)) speak.line(`  ${says}`);
        const may = await agreed(speak, options.yes);
        if (!may.ok) return may;
        if (!may.value) return ok(1);
        const taken = await takeBack(speak, read.value, writeUpRecord);
        if (!taken.ok) return taken;
        const removed = await removeUpRecord();
        if (!removed.ok) return removed;
        speak.line(speak.style.good('This host is as it was before.'));
        speak.document({ changed: true });
        return ok(0);
      }),
    );
}
