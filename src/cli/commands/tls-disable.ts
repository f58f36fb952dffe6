/** `portreeve tls disable`: the state before `tls enable`, byte for byte; what others changed since stays. */
import { Command } from 'commander';
import { z } from 'zod';
import type { Edit } from '../../base/edit.ts';
import { type Failed, fail, ok, type Ok, type Result } from '../../base/result.ts';
import type { Proof } from '../../change/change.ts';
import { listeningPorts } from '../../exim/debian-listening.ts';
import { greet } from '../../exim/greeting.ts';
import { mergeText } from '../../history/merge-text.ts';
import { systemClock } from '../../host/clock.ts';
import { isRoot } from '../../host/identity.ts';
import { readPathState } from '../../host/path-state.ts';
import { type EnabledRecord, readEnabledRecord } from '../../tls/enabled-record.ts';
import { putBack } from '../../tls/kept-file.ts';
import { act } from '../act.ts';
import type { ExitStatus } from '../exit-status.ts';
import type { Speaker } from '../speak.ts';
import { agreed, carryOutTls, showTlsPlan } from '../tls-change.ts';

const options = z.object({
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  reason: z.string().optional(),
});

type Options = z.infer<typeof options>;

export function tlsDisable(): Command {
  return new Command('disable')
    .description('put everything back as it was before tls enable')
    .option('--dry-run', 'show what would be changed, and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('--reason <text>', 'why, for the history')
    .action(act(options, async ({ speak, options: given }) => await disable(speak, given)));
}

async function disable(speak: Speaker, given: Options): Promise<Ok<ExitStatus> | Failed> {
  if (!isRoot()) {
    return fail('permission', 'cannot take TLS back: it needs root', { hint: 'run it again with sudo' });
  }
  const record = await readEnabledRecord();
  if (!record.ok) return record;
  if (record.value === undefined) {
    speak.line('nothing to change: tls enable has done nothing here');
    speak.document({ changed: false });
    return ok(0);
  }
  const edits = await editsBack(record.value);
  if (!edits.ok) return edits;
  const proofs = await proofsAfter(record.value);
  if (!proofs.ok) return proofs;
  const words = edits.value.map(({ path, content }) =>
    content === null ? `remove ${path}` : `put ${path} back`,
  );
  const shown = await showTlsPlan(speak, { edits: edits.value, words, warnings: [] }, proofs.value);
  if (!shown.ok) return shown;
  if (given.dryRun) {
    speak.document({ changed: false, would: { do: words, write: edits.value.map(({ path }) => path) } });
    return ok(0);
  }
  const may = await agreed(speak, given.yes);
  if (!may.ok) return may;
  if (!may.value) return ok(1);
  const done = await carryOutTls(speak, {
    edits: edits.value,
    proofs: proofs.value,
    reason: given.reason ?? `Take back what tls enable did for ${record.value.hostName}`,
    record: undefined,
    now: systemClock.now(),
  });
  if (done.ok) speak.line(`Everything is as it was before tls enable.`);
  return done;
}

async function editsBack({ before, after }: EnabledRecord): Promise<Result<Edit[]>> {
  const edits: Edit[] = [];
  for (const kept of before) {
    const now = await readPathState(kept.path);
    if (!now.ok) return now;
    const left = after.find(({ path }) => path === kept.path);
    const edit = putBack(kept);
    const base = left === undefined ? undefined : Buffer.from(left.content, 'base64');
    const ours = now.value?.content;
    if (base === undefined || ours === undefined || ours.equals(base)) {
      if (now.value !== undefined || edit.content !== null) edits.push(edit);
      continue;
    }
    // Somebody has worked on it since: only what we did is taken out.
    const merged = await mergeText({ ours, base, theirs: edit.content ?? Buffer.alloc(0) });
    if (!merged.ok) return merged;
    if (merged.value.conflicts.length > 0) {
      return fail(
        'no',
        `cannot take TLS back: its lines must be as it left them: ${kept.path} was changed there`,
        {
          path: kept.path,
          hint: `edit it by hand, or go back in the history: portreeve history undo --to WHEN ${kept.path}`,
        },
      );
    }
    edits.push({ path: kept.path, content: merged.value.content });
  }
  return ok(edits);
}

/** Whether TLS works afterwards is not asked: it may not have worked before. */
async function proofsAfter({ ports: opened }: EnabledRecord): Promise<Result<Proof[]>> {
  const listening = await listeningPorts();
  if (!listening.ok) return listening;
  return ok(
    listening.value.ports.map(({ address, port, implicit }) => {
      const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
      const closes = opened.includes(port);
      return {
        port,
        closes: true,
        claim: closes ? `port ${port} is closed again` : `port ${port} serves`,
        prove: async (): Promise<Result<string>> => {
          const greeted = await greet(host, port, { implicitTls: implicit, timeoutMs: 3000 });
          if (!closes) return greeted.ok ? ok(`220 ${greeted.value.banner.split('\n')[0] ?? ''}`) : greeted;
          return greeted.ok
            ? fail('no', `cannot close port ${port}: it still answers`)
            : ok('nobody answers');
        },
      };
    }),
  );
}
