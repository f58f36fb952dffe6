/**
 * The TLS library that an Exim is built with, from what `exim4 -bV` says. What it is linked with tells
 * nothing: Debian's GnuTLS build loads OpenSSL too, for the clients of databases.
 */
export function readTlsLibrary(version: string): 'GnuTLS' | 'OpenSSL' | undefined {
  const [, features = ''] = /^Support for:(.*)$/m.exec(version) ?? [];
  return (['GnuTLS', 'OpenSSL'] as const).find((library) => features.split(' ').includes(library));
}
