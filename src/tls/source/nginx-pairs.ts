/**
 * The certificates in a configuration of nginx (ngx_http_ssl_module, ngx_mail_ssl_module): each
 * `ssl_certificate` with the `ssl_certificate_key` of the same block. Values with variables are left out:
 * nginx alone knows them.
 */
export interface NginxText {
  readonly pairs: readonly { readonly cert: string; readonly key: string }[];
  readonly includes: readonly string[];
}

export function readNginx(text: string): NginxText {
  const pairs: { cert: string; key: string }[] = [];
  const includes: string[] = [];
  const blocks: { certs: string[]; keys: string[] }[] = [{ certs: [], keys: [] }];
  let words: string[] = [];
  const close = (): void => {
    const block = blocks.pop();
    for (const [index, cert] of (block?.certs ?? []).entries()) {
      const key = block?.keys[index];
      if (key !== undefined) pairs.push({ cert, key });
    }
  };
  for (const token of tokens(text)) {
    if (token === ';') {
      const [directive = '', value = ''] = words;
      const block = blocks.at(-1);
      if (directive === 'include') includes.push(value);
      else if (!value.includes('$')) {
        if (directive === 'ssl_certificate') block?.certs.push(value);
        if (directive === 'ssl_certificate_key') block?.keys.push(value);
      }
      words = [];
    } else if (token === '{') {
      blocks.push({ certs: [], keys: [] });
      words = [];
    } else if (token === '}') {
      if (blocks.length > 1) close();
      words = [];
    } else words.push(token);
  }
  while (blocks.length > 0) close();
  return { pairs, includes };
}

function tokens(text: string): string[] {
  const found = text.matchAll(
    /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([{};])|((?:[^\s{};"'#\\]|\\.)[^\s{};]*)/g,
  );
  return [...found].flatMap(([whole, double, single]) => {
    if (whole.startsWith('#')) return [];
    return double ?? single ?? whole;
  });
}
