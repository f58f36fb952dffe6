/**
 * Whether Exim would live and work with a copy of its configuration folder, found out without touching
 * the real one: `-bV` first, then what it lets pass. Names and files that are not there, expansions that
 * cannot be parsed, a dialogue from outside and routing, a daemon started where nobody reaches it, and a
 * full TLS handshake.
 *
 * What is judged by itself (expansions, names, files) is judged where the change has brought it in: an
 * old line is not blamed on it. What a daemon dies of is refused whoever wrote it.
 */
import { fail, ok, type Failed, type Result } from '../base/result.ts';
import { exists } from '../host/files.ts';
import type { Ran } from '../host/run.ts';
import { checkExpansions } from './check-expansions.ts';
import { checkReferences } from './check-references.ts';
import type { Complaint } from './complaint.ts';
import { findDaemon } from './daemon.ts';
import { debianPlaces } from './debian-places.ts';
import { type ListedOption, type Listing, optionKey, parseListing } from './listing.ts';
import { type EximRunner, probeMailDialogue } from './mail-dialogue-probe.ts';
import { namedFiles } from './named-files.ts';
import { openRehearsalRoom, type RehearsalRoom } from './rehearsal-room.ts';
import { runExim } from './run-exim.ts';
import { tryDaemon } from './trial-daemon.ts';
import { type HandshakeTrial, tryHandshake } from './trial-handshake.ts';
import { unreadableFiles } from './unreadable-files.ts';

/** The evidence, a line a trial; or the cause of the refusal. */
export async function rehearseConfiguration(copy: string, scratch: string): Promise<Result<string[]>> {
  const opened = await openRehearsalRoom(`${scratch}/room`, copy);
  if (!opened.ok) return opened;
  try {
    return await rehearseIn(opened.value, copy, scratch);
  } finally {
    await opened.value.close();
  }
}

async function rehearseIn(room: RehearsalRoom, copy: string, scratch: string): Promise<Result<string[]>> {
  const accepted = await accepts(room, copy);
  if (!accepted.ok) return accepted;
  const listing = await listed((argv) => room.run(argv));
  if (!listing.ok) return listing;
  const inForce = await listed(runExim);
  const added = newOptions(listing.value, inForce.ok ? inForce.value : undefined);
  const judged = await judge(room, listing.value, added);
  if (!judged.ok) return judged;
  if (judged.value.length > 0) return refusedFor(judged.value);
  const probed = await probeMailDialogue((argv, options) => room.run(argv, options), runExim);
  if (!probed.ok) return probed;
  if (probed.value.length > 0) return refusedFor(probed.value);
  const daemon = await tryDaemon(room, await findDaemon());
  if (!daemon.ok) return daemon;
  if (daemon.value.complaints.length > 0) return refusedFor(daemon.value.complaints);
  const handshake = await handshakeAsBefore(room, scratch);
  if (!handshake.ok) return handshake;
  return ok([
    accepted.value,
    `${added.length} new setting(s) checked; a dialogue from outside and routing answer as they should`,
    `a trial daemon starts${daemon.value.ports.length > 0 ? ` and listens on ${daemon.value.ports.join(', ')}` : ''}`,
    handshake.value,
  ]);
}

async function accepts(room: RehearsalRoom, copy: string): Promise<Result<string>> {
  if (!(await exists(`${copy}/exim4.conf`))) {
    const made = await room.run(['update-exim4.conf']);
    if (!made.ok) return made;
    if (made.value.status !== 0) return refusedBy('update-exim4.conf', made.value);
  }
  const checked = await room.run([debianPlaces.program, '-bV']);
  if (!checked.ok) return checked;
  if (checked.value.status !== 0) return refusedBy('exim4 -bV', checked.value);
  const version = /^Exim version (\S+)/.exec(checked.value.stdout)?.[1] ?? '';
  return ok(`Exim ${version} accepts the configuration (-bV)`);
}

async function listed(run: EximRunner): Promise<Result<Listing>> {
  const ran = await run([debianPlaces.program, '-bP', 'config']);
  if (!ran.ok) return ran;
  if (ran.value.status === 0) return ok(parseListing(ran.value.stdout));
  return refusedBy('exim4 -bP config', ran.value);
}

function newOptions(listing: Listing, before: Listing | undefined): ListedOption[] {
  const known = new Set(before?.options.map(optionKey));
  return listing.options.filter((option) => !known.has(optionKey(option)));
}

async function judge(
  room: RehearsalRoom,
  listing: Listing,
  added: readonly ListedOption[],
): Promise<Result<Complaint[]>> {
  // A name is missing where it is used, though the change took it away where it was defined.
  const references = checkReferences(listing, listing.options);
  const unreadable = await unreadableFiles(room, namedFiles(added));
  if (!unreadable.ok) return unreadable;
  const expansions = await checkExpansions(room, added);
  return expansions.ok ? ok([...references, ...expansions.value, ...unreadable.value]) : expansions;
}

async function handshakeAsBefore(room: RehearsalRoom, scratch: string): Promise<Result<string>> {
  const tried = await tryHandshake(room);
  if (!tried.ok) return tried;
  if (tried.value.outcome !== 'refused') return ok(handshakeEvidence(tried.value));
  const live = await openRehearsalRoom(`${scratch}/before`);
  const before = live.ok ? await tryHandshake(live.value) : live;
  if (live.ok) await live.value.close();
  if (before.ok && before.value.outcome === 'refused') {
    return ok(`STARTTLS does not work, and did not before: ${tried.value.cause}`);
  }
  return refusedFor([
    { where: 'STARTTLS', what: `it would be offered and then refused: ${tried.value.cause}` },
  ]);
}

function handshakeEvidence({ outcome, evidence }: HandshakeTrial & { evidence: string }): string {
  return outcome === 'works' ? `a full TLS handshake works: ${evidence}` : 'STARTTLS is not offered';
}

const mostTold = 20;
const hint = 'nothing was touched; correct the file and run it again';

function refusedFor(complaints: readonly Complaint[]): Failed {
  const told = complaints.slice(0, mostTold).map(({ where, what }) => `${where}: ${what}`);
  const more = complaints.length > told.length ? `; and ${complaints.length - told.length} more` : '';
  return fail(
    'configuration',
    `cannot accept the change: Exim must be able to work with it: ${told.join('; also ')}${more}`,
    { path: debianPlaces.folder, hint },
  );
}

function refusedBy(program: string, ran: Ran): Failed {
  const lines = `${ran.stderr}\n${ran.stdout}`.split('\n').map((line) => line.trim());
  // Exim repeats on standard error what it writes into its panic log, time stamp first.
  const telling = lines.find((line) => /Exim configuration error|rror/.test(line));
  const at = lines.indexOf(telling ?? '');
  const words = (at < 0 ? lines.filter((line) => line !== '').slice(-2) : lines.slice(at, at + 2)).join(' ');
  return fail(
    'configuration',
    `cannot accept the change: ${program} must accept the configuration: ${words.trim().slice(0, 400)}`,
    { path: debianPlaces.folder, hint },
  );
}
