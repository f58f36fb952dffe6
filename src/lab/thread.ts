/**
 * The thread: what `npm start` tells. A stock Exim is looked at, put under history, given real
 * STARTTLS, shown a broken change, and then attacked, each by the same commands that a person types
 * on a real host, run inside the lab.
 *
 * A chapter whose command ends otherwise than it must breaks the thread: that is a problem, not a
 * footnote.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { mailHost } from './lab.ts';
import type { Machine } from './machine.ts';
import { ownProgram } from '../host/own-program.ts';

export interface Chapter {
  readonly title: string;
  /** What a reader should know or notice. */
  readonly text: string;
  readonly scenes: readonly Scene[];
}

interface Scene {
  /** `portreeve` stands for this very program; anything else is run as it is. */
  readonly argv: readonly string[];
  /** The exit status that the story expects. */
  readonly status: number;
}

const folder = '/etc/exim4';
const authority = '/root/ca';
const issued = '/root/issued';
const answers = '/root/update-exim4.conf.conf';

/** Where a second daemon serves the same configuration with STARTTLS off. */
const plainPort = 2525;

const chapters: readonly Chapter[] = [
  {
    title: 'A stock Exim',
    text: 'Debian installs it like this. It offers STARTTLS, but with a throw-away certificate that it makes at start and that nobody can verify, and it still accepts TLS 1.0.',
    scenes: [{ argv: ['portreeve', 'tls', 'test', mailHost], status: 1 }],
  },
  {
    title: 'The same with STARTTLS off',
    text: 'A second listener, as many servers still run: mail travels in clear.',
    scenes: [{ argv: ['portreeve', 'tls', 'test', `${mailHost}:${plainPort}`], status: 1 }],
  },
  {
    title: 'History first',
    text: 'Before anything is changed, the configuration folder becomes a git repository, owners and modes included, keys and passwords as fingerprints only.',
    scenes: [
      { argv: ['portreeve', 'history', 'init', folder, '--reason', 'as Debian installed it'], status: 0 },
      { argv: ['portreeve', 'history', 'status', folder], status: 0 },
    ],
  },
  {
    title: 'STARTTLS, from no key to a proved handshake',
    text: 'A private authority issues a certificate; one change puts key, certificate, macro and cipher policy in place: rehearsed on a copy, applied, reloaded, proved by a handshake on the live port, recorded with its reason.',
    scenes: [
      { argv: ['portreeve', 'tls', 'ca', 'init', '--dir', authority, '--no-passphrase'], status: 0 },
      { argv: ['portreeve', 'tls', 'ca', 'issue', '--dir', authority, '--out', issued, mailHost], status: 0 },
      {
        argv: [
          'portreeve',
          'tls',
          'enable',
          '--cert',
          `${issued}/${mailHost}.crt`,
          '--key',
          `${issued}/${mailHost}.key`,
          '--issued-by',
          `${authority}/ca.crt`,
          '--name',
          mailHost,
          '--policy',
          'intermediate',
          '--yes',
          '--reason',
          'mail must not travel in clear',
        ],
        status: 0,
      },
      { argv: ['portreeve', 'tls', 'test', mailHost, '--ca', `${authority}/ca.crt`], status: 0 },
    ],
  },
  {
    title: 'A broken change is refused',
    text: 'Somebody installs a key that does not match the certificate. exim4 -bV accepts it, and Exim would start with it, still offer STARTTLS, and answer 454 from then on: mail in clear, and nobody told. The rehearsal tries a handshake on a copy first, and nothing is touched.',
    scenes: [
      {
        argv: [
          'portreeve',
          'tls',
          'ca',
          'issue',
          '--dir',
          authority,
          '--out',
          '/root/other',
          'other.example.test',
        ],
        status: 0,
      },
      {
        argv: [
          'portreeve',
          'change',
          'apply',
          '--reason',
          'renew the key',
          '--folder',
          folder,
          '--expect',
          'starttls',
          'exim.key=/root/other/other.example.test.key',
        ],
        status: 2,
      },
    ],
  },
  {
    title: 'A change that only the live port shows to be wrong undoes itself',
    text: "Somebody answers Debian's question for the addresses to listen on with 127.0.0.1. Nothing is wrong with that configuration, so no check of it objects; but mail from outside would find nobody. The proof on the live port fails, so the change is taken back.",
    scenes: [
      {
        argv: [
          'sed',
          '-n',
          '-e',
          "s/^dc_local_interfaces=.*/dc_local_interfaces='127.0.0.1'/",
          '-e',
          `w ${answers}`,
          `${folder}/update-exim4.conf.conf`,
        ],
        status: 0,
      },
      {
        argv: [
          'portreeve',
          'change',
          'apply',
          '--reason',
          'tidy up',
          '--folder',
          folder,
          `update-exim4.conf.conf=${answers}`,
        ],
        status: 4,
      },
      { argv: ['portreeve', 'tls', 'test', mailHost, '--ca', `${authority}/ca.crt`], status: 0 },
      { argv: ['portreeve', 'history', 'log', folder], status: 0 },
    ],
  },
];

export interface Narrator {
  chapter(chapter: Chapter): void;
  command(argv: readonly string[]): void;
  output(line: string): void;
}

/** Plays all chapters; stops at the first that goes otherwise than told. */
export async function playThread(
  machine: Machine,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<Result<void>> {
  const listening = await machine.succeed('start a listener with STARTTLS off', [
    'sh',
    '-eu',
    '-c',
    plainListener,
  ]);
  if (!listening.ok) return listening;
  for (const chapter of chapters) {
    narrator.chapter(chapter);
    for (const scene of chapter.scenes) {
      if (signal.aborted) return fail('unavailable', 'cannot tell on: stopped by a signal');
      const played = await play(machine, scene, narrator);
      if (!played.ok) return played;
    }
  }
  return ok();
}

/** The generated configuration with one option changed, on a port of its own. */
const plainListener = `
sed 's/^tls_advertise_hosts = .*//; 1i tls_advertise_hosts =' /var/lib/exim4/config.autogenerated > /var/lib/exim4/plain.conf
exim4 -C /var/lib/exim4/plain.conf -bd -oX ${plainPort} -oP /run/exim4/plain.pid
`;

async function play(machine: Machine, scene: Scene, narrator: Narrator): Promise<Result<void>> {
  narrator.command(scene.argv);
  const [program, ...args] = scene.argv;
  const argv = program === 'portreeve' ? [...ownProgram, ...args] : scene.argv;
  const ran = await machine.run(argv, {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
  });
  if (!ran.ok) return ran;
  const { status, stdout, stderr } = ran.value;
  const said = `${stdout}${stderr}`.trimEnd();
  for (const line of said === '' ? [] : said.split('\n')) narrator.output(line);
  if (status === scene.status) return ok();
  return fail(
    'unavailable',
    `cannot tell on: "${scene.argv.join(' ')}" must end with status ${scene.status}: ${status}`,
    {
      hint: 'this is a bug of Portreeve: please report it with the output above',
    },
  );
}
