/** `tls test`: one session that is shown, two that ask for old versions, and the verdict on them. */
import type { Result } from '../base/result.ts';
import { openSession, type SessionOptions } from './open-session.ts';
import { type Finding, findings, isSound } from './verdict.ts';
import { probeVersion, type VersionAnswer } from './version-probe.ts';
import type { Conversation } from './converse.ts';

export interface ServerReport {
  readonly conversation: Conversation;
  readonly versions: readonly VersionAnswer[];
  readonly findings: readonly Finding[];
  readonly sound: boolean;
}

const old = ['TLSv1', 'TLSv1.1'] as const;

/** The name that the certificate has to cover is `options.tls.name`. */
export async function testServer(options: SessionOptions): Promise<Result<ServerReport>> {
  let probes: Promise<VersionAnswer[]> = Promise.resolve([]);
  const session = await openSession({
    ...options,
    securing: () => {
      options.securing?.();
      // Asked beside the session, which would else be over before them. They say something even where its handshake
      // fails: an old version may be all that there is.
      probes = Promise.all(old.map(async (version) => await probeVersion(options, version)));
    },
  });
  const versions = await probes;
  if (!session.ok) return session;
  const conversation = session.value;
  const found = findings({
    conversation,
    versions,
    implicit: options.dialogue.implicit,
    name: options.tls.name,
    stopped: options.dialogue.quitAfter === 'STARTTLS',
    emptyPassword: options.dialogue.login?.password === '',
    now: options.clock.now(),
  });
  return { ok: true, value: { conversation, versions, findings: found, sound: isSound(found) } };
}
