/** `portreeve tls policy NAME`: which versions and ciphers are accepted, changed on a live server. */
import { Command } from 'commander';
import { z } from 'zod';
import { type Failed, fail, ok, type Ok } from '../../base/result.ts';
import { debianPlaces } from '../../exim/debian-places.ts';
import { inspectExim } from '../../exim/inspect-exim.ts';
import { systemClock } from '../../host/clock.ts';
import { isRoot } from '../../host/identity.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import { readText } from '../../host/files.ts';
import { readEnabledRecord } from '../../tls/enabled-record.ts';
import { policies, type PolicyName, policyNames, policyOptions } from '../../tls/policy.ts';
import { act } from '../act.ts';
import type { ExitStatus } from '../exit-status.ts';
import { lostClients, tellLost } from '../lost-clients.ts';
import type { Speaker } from '../speak.ts';
import { agreed, carryOutTls, showTlsPlan } from '../tls-change.ts';
import { planTls } from '../tls-plan.ts';

const options = z.object({
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  reason: z.string().optional(),
});

type Options = z.infer<typeof options>;

export function tlsPolicy(): Command {
  return new Command('policy')
    .description('show the cipher policies, or put one in force: tried, proved by handshakes that must fail')
    .argument('[name]', policyNames.join(', '))
    .option('--dry-run', 'show what would be changed and who would be lost, and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('--reason <text>', 'why, for the history')
    .action(
      act(options, async ({ speak, args: [name], options: given }) => {
        if (name === undefined) return await show(speak);
        const policy = policyNames.find((each) => each === name);
        return policy === undefined
          ? fail('usage', `cannot set the cipher policy: needs one of ${policyNames.join(', ')}: ${name}`)
          : await setPolicy(speak, policy, given);
      }),
    );
}

async function show(speak: Speaker): Promise<Ok<ExitStatus> | Failed> {
  const record = isRoot() ? await readEnabledRecord() : ok(undefined);
  if (!record.ok) return record;
  const exim = await inspectExim('look at the policies');
  const library = exim.ok ? exim.value.library : 'GnuTLS';
  for (const name of policyNames) {
    const mark = record.value?.policy === name ? speak.style.good('->') : '  ';
    speak.line(`${mark} ${speak.style.bold(name.padEnd(13))} ${policies[name].accepts.join(', ')}`);
    for (const [option, value] of Object.entries(policyOptions(name, library))) {
      speak.line(speak.style.dim(`     ${option} = ${value}`));
    }
  }
  speak.document({
    inForce: record.value?.policy ?? null,
    library,
    policies: policyNames.map((name) => ({ ...policies[name], options: policyOptions(name, library) })),
  });
  return ok(0);
}

async function setPolicy(
  speak: Speaker,
  policy: PolicyName,
  given: Options,
): Promise<Ok<ExitStatus> | Failed> {
  if (!isRoot()) {
    return fail('permission', 'cannot set the cipher policy: it needs root', {
      hint: 'run it again with sudo',
    });
  }
  const exim = await inspectExim('set the cipher policy');
  if (!exim.ok) return exim;
  const record = await readEnabledRecord();
  if (!record.ok) return record;
  if (record.value === undefined) {
    return fail('missing', 'cannot set the cipher policy: TLS must be on by Portreeve: it is not', {
      hint: 'portreeve tls enable --policy does both at once',
    });
  }
  const text = await readText(`${debianPlaces.folder}/exim.crt`, 1024 * 1024);
  if (!text.ok) return text;
  const chain = readCertificateFile(text.value, `${debianPlaces.folder}/exim.crt`);
  if (!chain.ok) return chain;
  const { hostName, ports, before: _before, after: _after, at: _at, ...kept } = record.value;
  const planned = await planTls({ exim: exim.value, hostName, policy, ports, leaf: chain.value[0] });
  if (!planned.ok) return planned;
  const { plan, proofs } = planned.value;
  const lost = await lostClients(policy, systemClock.now());
  tellLost(speak, lost);
  const shown = plan.words.length === 0 ? ok() : await showTlsPlan(speak, plan, proofs);
  if (!shown.ok) return shown;
  if (given.dryRun) {
    speak.document({
      changed: false,
      would: { do: plan.words, prove: proofs.map(({ claim }) => claim) },
      lost,
    });
    return ok(0);
  }
  const may = plan.words.length === 0 ? ok(true) : await agreed(speak, given.yes);
  if (!may.ok) return may;
  if (!may.value) return ok(1);
  return await carryOutTls(speak, {
    edits: plan.edits,
    proofs,
    reason: given.reason ?? `Accept what the policy ${policy} accepts, and nothing else`,
    record: { ...kept, hostName, ports, policy },
    now: systemClock.now(),
  });
}
