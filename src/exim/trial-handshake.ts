/**
 * A full TLS handshake with the configuration to be: Exim serves one connection on a spare loopback port,
 * and is asked for STARTTLS. With a missing file or a key that does not fit it would offer it and then
 * answer 454. Where STARTTLS is not offered there is nothing to try.
 */
import { ok, type Result } from '../base/result.ts';
import { listFolder, readText } from '../host/files.ts';
import { serveOnce } from '../host/serve-once.ts';
import { debianPlaces } from './debian-places.ts';
import { greet } from './greeting.ts';
import { eximEnvironment } from './run-exim.ts';
import type { RehearsalRoom } from './rehearsal-room.ts';

export type HandshakeTrial =
  | { readonly outcome: 'works' | 'absent'; readonly evidence: string }
  | { readonly outcome: 'refused'; readonly cause: string };

const timeoutMs = 10_000;

export async function tryHandshake(room: RehearsalRoom): Promise<Result<HandshakeTrial>> {
  const served = await serveOnce(room.enter([debianPlaces.program, '-bs']), eximEnvironment);
  if (!served.ok) return served;
  try {
    const greeted = await greet('127.0.0.1', served.value.port, { implicitTls: false, timeoutMs });
    if (!greeted.ok)
      return ok({ outcome: 'refused', cause: `it does not greet: ${greeted.problem.message}` });
    const { startTls, tls } = greeted.value;
    if (startTls !== 'refused') return ok({ outcome: startTls, evidence: tls });
    return ok({ outcome: 'refused', cause: (await logged(room)) ?? tls });
  } finally {
    await served.value.stop();
  }
}

/** The reason is in the log alone. */
async function logged(room: RehearsalRoom): Promise<string | undefined> {
  const names = await listFolder(room.log);
  for (const name of names.ok ? names.value : []) {
    const text = await readText(`${room.log}/${name}`);
    const line = text.ok ? text.value.split('\n').findLast((each) => each.includes('TLS error')) : undefined;
    if (line !== undefined)
      return line.replace(/^.*?TLS error on connection from .*?(?=\(cert)/, '').slice(0, 300);
  }
  return undefined;
}
