/** `portreeve up`: take charge of this host: look, show the plan, ask, carry it out, prove it. */
import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok } from '../../base/result.ts';
import { isRoot } from '../../host/identity.ts';
import { act } from '../act.ts';
import { carryOutUp } from '../carry-out-up.ts';
import { collect } from '../collect.ts';
import { type HostFacts, readHostFacts } from '../host-facts.ts';
import type { Speaker } from '../speak.ts';
import { agreed } from '../tls-change.ts';
import { planUp, type UpPlan } from '../up-plan.ts';
import { nothingDone, readUpRecord, writeUpRecord } from '../up-record.ts';

const parts = ['user', 'settings', 'jails', 'history', 'encryption', 'services'] as const;

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
        showPlan(speak, facts.value, plan);
        if (options.dryRun) {
          speak.document({ facts: facts.value, plan });
          return ok(0);
        }
        const may = await agreed(speak, options.yes);
        if (!may.ok) return may;
        if (!may.value) return ok(1);
        const before = await readUpRecord();
        if (!before.ok) return before;
        let record = before.value ?? nothingDone;
        for (const step of plan.steps) {
          speak.line(speak.style.bold(step.says));
          const done = await carryOutUp(speak, step, facts.value, record);
          if (!done.ok) {
            const hint = done.problem.hint === undefined ? '' : `${done.problem.hint}; `;
            return {
              ok: false,
              problem: {
                ...done.problem,
                hint: `${hint}what was done before stays: portreeve down takes it back`,
              },
            };
          }
          record = done.value;
          // After each step: what was done can be taken back, however this ends.
          const written = await writeUpRecord(record);
          if (!written.ok) return written;
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

function showPlan(speak: Speaker, { exim, folder, ports, log }: HostFacts, { steps, remarks }: UpPlan): void {
  speak.line(
    `Exim ${exim.version} with ${exim.library}, called ${exim.hostName}, on ports ${ports.join(', ') || 'none'}; ${folder}; ${log}`,
  );
  for (const remark of remarks) speak.line(speak.style.warn(`  ${remark}`));
  speak.line('The plan:');
  for (const [place, { says, command }] of steps.entries()) {
    speak.line(`  ${place + 1}. ${says}`);
    if (command !== undefined) speak.line(speak.style.dim(`     portreeve ${command.join(' ')}`));
  }
}
