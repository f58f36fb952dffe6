/**
 * What a configuration answers to a host from outside (`-bh`: a whole dialogue, nothing is logged or
 * kept) and where it routes mail (`-bt`). What the configuration in force answers as well is no news.
 */
import { ok, type Result } from '../base/result.ts';
import type { Ran, RunOptions } from '../host/run.ts';
import type { Complaint } from './complaint.ts';
import { debianPlaces } from './debian-places.ts';

/** Runs Exim with one configuration or the other. */
export type EximRunner = (
  argv: readonly string[],
  options?: Pick<RunOptions, 'input' | 'timeoutMs'>,
) => Promise<Result<Ran>>;

const timeoutMs = 30_000;
/** Documentation addresses (RFC 5737, RFC 2606): nobody is there. */
const outside = '192.0.2.1';
const elsewhere = 'probe@elsewhere.invalid';

export async function probeMailDialogue(
  rehearsed: EximRunner,
  inForce: EximRunner,
): Promise<Result<Complaint[]>> {
  const complaints: Complaint[] = [];
  for (const ask of [askDialogue, askRouting]) {
    const said = await ask(rehearsed);
    if (!said.ok) return said;
    if (said.value.length === 0) continue;
    const before = await ask(inForce);
    const known = new Set(before.ok ? before.value.map(({ what }) => what) : []);
    complaints.push(...said.value.filter(({ what }) => !known.has(what)));
  }
  return ok(complaints);
}

/** Not what a refusal brings about: without a recipient, the message that follows is a string of syntax errors. */
const broken =
  /^LOG: (.*(?:temporarily rejected|failed to (?:expand|find|open|read)|unknown (?:named|lookup|variable)|error in ACL|regular expression error).*)$/gm;

async function askDialogue(run: EximRunner): Promise<Result<Complaint[]>> {
  const domain = await run([debianPlaces.program, '-bP', 'qualify_recipient']);
  if (!domain.ok) return domain;
  const local = /=\s*(\S+)/.exec(domain.value.stdout)?.[1] ?? 'localhost';
  const input = [
    'EHLO probe.invalid',
    'MAIL FROM:<>',
    `RCPT TO:<postmaster@${local}>`,
    `RCPT TO:<${elsewhere}>`,
    'DATA',
    'Subject: rehearsal\n\n.',
    'QUIT\n',
  ].join('\n');
  const ran = await run([debianPlaces.program, '-bh', outside], { input, timeoutMs });
  if (!ran.ok) return ran.problem.kind === 'timeout' ? ok([]) : ran;
  // `LOG:` lines tell the cause of a 451; a refusal (5xx) is a policy at work.
  const causes = ran.value.stderr.matchAll(broken);
  return ok([...causes].map(([, line = '']) => complaint('a dialogue from outside (-bh)', line)));
}

async function askRouting(run: EximRunner): Promise<Result<Complaint[]>> {
  const ran = await run([debianPlaces.program, '-bt', 'postmaster', elsewhere], { timeoutMs });
  if (!ran.ok) return ran.problem.kind === 'timeout' ? ok([]) : ran;
  const deferred = `${ran.value.stdout}\n${ran.value.stderr}`.matchAll(
    /^.*(?:cannot be resolved at this time: (?!.*lookup did not complete)|defer|error|transport).*$/gim,
  );
  return ok(
    [...deferred].flatMap(([line]) =>
      /^\s*router = .*, transport = \S+$/.test(line) ? [] : [complaint('routing (-bt)', line)],
    ),
  );
}

/** Time stamps, ids and pids would make old news look new. */
function complaint(where: string, line: string): Complaint {
  const what = line
    .replace(/^\d{4}-\d\d-\d\d [\d:. +-]+/, '')
    .replace(/\b\w{6}-\w{6,11}-\w{2,4}\b/g, '')
    .trim();
  return { where, what: what.slice(0, 300) };
}
