/** Where the page is served, from the setting, and the names that a browser may then call it by. Pure. */
export type Listening =
  | { readonly kind: 'off' }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly host: string; readonly port: number };

export function readListening(text: string): Listening {
  if (text === '') return { kind: 'off' };
  if (text.startsWith('/')) return { kind: 'socket', path: text };
  const colon = text.lastIndexOf(':');
  return {
    kind: 'port',
    host: text.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(text.slice(colon + 1)),
  };
}

export function ownHosts(listening: Listening, further: readonly string[]): ReadonlySet<string> {
  const own =
    listening.kind === 'port'
      ? [
          '127.0.0.1',
          'localhost',
          '[::1]',
          listening.host.includes(':') ? `[${listening.host}]` : listening.host,
        ].map((host) => `${host}:${listening.port}`)
      : [];
  return new Set([...own, ...further].map((host) => host.toLowerCase()));
}
