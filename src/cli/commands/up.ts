/** `portreeve up`: take charge of this host: look, show the plan, ask, carry it out, prove it. */
import { Command } from 'commander';
import { z } from 'zod';
import type { Problem } from '../../base/problem.ts';
import { type Failed, fail, ok, type Result } from '../../base/result.ts';
import { isRoot } from '../../host/identity.ts';
import { act } from '../act.ts';
import { carryOutUp } from '../carry-out-up.ts';
import { collect } from '../collect.ts';
import { readHostFacts } from '../host-facts.ts';
import { showUp } from '../show-up.ts';
import type { Speaker } from '../speak.ts';
import { agreed } from '../tls-change.ts';
import { takeBack } from '../take-back.ts';
import { planUp } from '../up-plan.ts';
import {
  doneSince,
  nothingDone,
  readUpRecord,
  removeUpRecord,
  type UpRecord,
  writeUpRecord,
} from '../up-record.ts';

const parts = ['user', 'settings', 'history', 'encryption', 'jails', 'services', 'fail2ban'] as const;

const schema = z.object({
  without: z.array(z.enum(parts, `needs one of ${parts.join(', ')}`)).default([]),
  cert: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  ca: z.union([z.string().min(1), z.literal(true)]).optional(),
  reuse: z.boolean().default(false),
  selfSigned: z.boolean().default(false),
  takeJails: z.boolean().default(false),
  yes: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  reason: z.string().min(1).default('Portreeve takes charge of this host'),
});

export function up(): Command {
  return new Command('up')
    .description(
      'take charge of this host: history, STARTTLS, guard and keeper, each shown before it is done',
    )
    .option('--without <part>', `leave a part out: ${parts.join(', ')} (repeatable)`, collect)
    .option('--cert <file>', 'the certificate in PEM, with its intermediate certificates')
    .option('--key <file>', 'its key')
    .option('--reuse', "or one that this host has: Let's Encrypt's live folders, nginx, Apache")
    .option('--ca [folder]', 'or one of your own authority (portreeve tls ca)')
    .option('--self-signed', 'or one that signs itself')
    .option('--take-jails', "have the agent run fail2ban's jails on the mail log and ports")
    .option('--dry-run', 'show the plan, and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('--reason <text>', 'why, for the history')
    .action(
      act(schema, async ({ speak, options }) => {
        if (!isRoot())
          return fail('permission', 'cannot take charge of this host: it needs root', {
            hint: 'run it again as root, or with sudo',
          });
        const facts = await readHostFacts();
        if (!facts.ok) return facts;
        const without = new Set(options.without);
        const certificate = certificateOptions(options);
        if (certificate.length === 0 && !facts.value.isEncrypted && !without.has('encryption'))
          return fail('usage', 'cannot take charge of this host: needs a certificate: none is named', {
            hint: '--reuse for one that this host has, --cert and --key, --ca, --self-signed; or --without encryption',
          });
        const plan = planUp(facts.value, {
          without,
          certificate,
          reason: options.reason,
          takesJails: options.takeJails,
        });
        const shown = await showUp(speak, facts.value, plan);
        if (!shown.ok) return shown;
        if (options.dryRun) {
          speak.document({ facts: facts.value, plan });
          return ok(0);
        }
        const may = await agreed(speak, options.yes);
        if (!may.ok) return may;
        if (!may.value) return ok(1);
        const before = await readUpRecord();
        if (!before.ok) return before;
        const begun = before.value ?? nothingDone;
        let record = begun;
        const note = async (next: UpRecord): Promise<Result<void>> => {
          record = next;
          return await writeUpRecord(next);
        };
        for (const step of plan.steps) {
          speak.line(speak.style.bold(step.says));
          const done = await carryOutUp(speak, step, facts.value, record, note);
          // After each step: what was done can be taken back, however this ends.
          const noted = done.ok ? await note(done.value) : done;
          if (!noted.ok) return await givenUp(speak, begun, record, noted.problem);
        }
        speak.line(speak.style.good('Portreeve has charge of this host: portreeve status'));
        speak.document({ facts: facts.value, plan, record });
        return ok(0);
      }),
    );
}

function certificateOptions({ cert, key, ca, reuse, selfSigned }: z.infer<typeof schema>): string[] {
  return [
    ...(cert === undefined ? [] : ['--cert', cert]),
    ...(key === undefined ? [] : ['--key', key]),
    ...(ca === undefined ? [] : ca === true ? ['--ca'] : ['--ca', ca]),
    ...(reuse ? ['--reuse'] : []),
    ...(selfSigned ? ['--self-signed'] : []),
  ];
}

/** All or nothing: what this run has done is taken back, and what an earlier one has done stays. */
async function givenUp(speak: Speaker, begun: UpRecord, record: UpRecord, problem: Problem): Promise<Failed> {
  speak.problem(problem);
  const taken = await takeBack(speak, doneSince(begun, record), async () => await Promise.resolve(ok()));
  const settled = !taken.ok
    ? taken
    : begun === nothingDone
      ? await removeUpRecord()
      : await writeUpRecord(begun);
  if (settled.ok)
    return fail('undone', `cannot take charge of this host: ${problem.message}`, {
      hint: 'what was done before has been taken back',
    });
  return fail('unavailable', `cannot take back what was done: ${settled.problem.message}`, {
    hint: 'mend that, then: portreeve down',
  });
}
