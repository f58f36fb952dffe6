/**
 * A folder's name below Portreeve's state, as systemd-escape(1) writes paths: /etc/exim4 is etc-exim4.
 * Two folders never share a name.
 */
export function folderName(folder: string): string {
  const name = folder.replace(/^\/+/, '');
  if (name === '') return '-';
  let escaped = '';
  for (const byte of Buffer.from(name)) {
    const character = String.fromCodePoint(byte);
    const kept = /[A-Za-z0-9:_]/.test(character) || (character === '.' && escaped !== '');
    escaped += character === '/' ? '-' : kept ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return escaped;
}

export function folderOfName(name: string): string {
  if (name === '-') return '/';
  const bytes: number[] = [];
  for (const [, hex, character = ''] of name.matchAll(/\\x([0-9a-f]{2})|([^])/g)) {
    bytes.push(
      hex === undefined
        ? character === '-'
          ? 0x2f
          : (character.codePointAt(0) ?? 0)
        : Number.parseInt(hex, 16),
    );
  }
  return `/${Buffer.from(bytes).toString('utf8')}`;
}
