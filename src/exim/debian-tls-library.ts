/**
 * The TLS library that the installed Exim is built with, by its own word (`exim4 -bV`). What it is
 * linked with tells nothing: Debian's GnuTLS build loads OpenSSL too, for the clients of databases.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { succeed } from '../host/succeed.ts';

export async function installedTlsLibrary(): Promise<Result<'GnuTLS' | 'OpenSSL'>> {
  const ran = await succeed('ask Exim for its TLS library', ['exim4', '-bV']);
  if (!ran.ok) return ran;
  const library = readTlsLibrary(ran.value.stdout);
  return library === undefined
    ? fail(
        'missing',
        'cannot turn TLS on: needs an Exim built with GnuTLS or OpenSSL: this one has neither',
        {
          hint: 'Debian: apt-get install exim4-daemon-light',
        },
      )
    : ok(library);
}

export function readTlsLibrary(version: string): 'GnuTLS' | 'OpenSSL' | undefined {
  const [, features = ''] = /^Support for:(.*)$/m.exec(version) ?? [];
  return (['GnuTLS', 'OpenSSL'] as const).find((library) => features.split(' ').includes(library));
}
