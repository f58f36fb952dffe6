/**
 * What the installed Exim is, by its own word, and whether its configuration is sound to begin with: a
 * fault that is there already is said first, before a change could be blamed for it.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { debianPlaces } from './debian-places.ts';
import { readTlsLibrary } from './debian-tls-library.ts';
import { runExim } from './run-exim.ts';

export interface InstalledExim {
  /** `4.96`. */
  readonly version: string;
  readonly library: 'GnuTLS' | 'OpenSSL';
  /** The name that it calls itself by (primary_hostname). */
  readonly hostName: string;
}

/** `act`: what is about to be done, for the problem. */
export async function inspectExim(act: string): Promise<Result<InstalledExim>> {
  const checked = await runExim(['exim4', '-bV']);
  if (!checked.ok) {
    const hint = 'is Exim installed? on Debian: apt-get install exim4-daemon-light';
    return {
      ok: false,
      problem: { ...checked.problem, message: `cannot ${act}: needs Exim: ${checked.problem.message}`, hint },
    };
  }
  const { status, stdout, stderr } = checked.value;
  if (status !== 0) {
    const words = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
    const at = words.findIndex((line) => line.includes('configuration error'));
    const said = (at < 0 ? words.filter(Boolean).slice(-1) : words.slice(at, at + 2)).join(' ').slice(0, 400);
    return fail(
      'configuration',
      `cannot ${act}: Exim's configuration must be sound to begin with: exim4 -bV: ${said}`,
      {
        path: debianPlaces.folder,
        hint: 'nothing was touched; mend that first (portreeve history log shows what was changed last)',
      },
    );
  }
  const library = readTlsLibrary(stdout);
  if (library === undefined) {
    return fail(
      'missing',
      `cannot ${act}: needs an Exim built with GnuTLS or OpenSSL: this one has neither`,
      {
        hint: 'on Debian: apt-get install exim4-daemon-light',
      },
    );
  }
  const told = await runExim(['exim4', '-bP', 'primary_hostname']);
  if (!told.ok) return told;
  const hostName = told.value.stdout.replace(/^primary_hostname = /, '').trim();
  const version = /^Exim version (\S+)/m.exec(stdout)?.[1] ?? '';
  return ok({ version, library, hostName });
}
