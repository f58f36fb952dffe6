/**
 * The certificates in a configuration of Apache (mod_ssl): each `SSLCertificateFile` with the
 * `SSLCertificateKeyFile` of the same section, or with a key in the same file. What a condition
 * (`<IfModule>`) would leave out counts as well: the file is there or it is not.
 */
export interface ApachePair {
  readonly cert: string;
  readonly key: string;
  readonly chain?: string;
}

export interface ApacheText {
  readonly pairs: readonly ApachePair[];
  readonly includes: readonly string[];
}

interface Section {
  readonly certs: string[];
  readonly keys: string[];
  chain?: string;
}

export function readApache(text: string): ApacheText {
  const pairs: ApachePair[] = [];
  const includes: string[] = [];
  const sections: Section[] = [{ certs: [], keys: [] }];
  const close = (): void => {
    const section = sections.pop();
    for (const [index, cert] of (section?.certs ?? []).entries()) {
      const chain = section?.chain;
      pairs.push({ cert, key: section?.keys[index] ?? cert, ...(chain === undefined ? {} : { chain }) });
    }
  };
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, end, begin, name = '', rest = ''] = /^\s*(<\/)?(<)?\s*(\w+)\s*(.*?)\s*$/.exec(line) ?? [];
    const directive = name.toLowerCase();
    if (directive === 'virtualhost' && begin !== undefined) sections.push({ certs: [], keys: [] });
    else if (directive === 'virtualhost' && end !== undefined) {
      if (sections.length > 1) close();
    } else if (begin === undefined && end === undefined) setIn(sections.at(-1), includes, directive, rest);
  }
  while (sections.length > 0) close();
  return { pairs, includes };
}

function setIn(section: Section | undefined, includes: string[], directive: string, rest: string): void {
  const value = rest.replace(/^"(.*)"$/, '$1');
  // A variable of /etc/apache2/envvars or of Define.
  if (section === undefined || value === '' || value.includes('${')) return;
  if (directive === 'include' || directive === 'includeoptional') includes.push(value);
  if (directive === 'sslcertificatefile') section.certs.push(value);
  if (directive === 'sslcertificatekeyfile') section.keys.push(value);
  if (directive === 'sslcertificatechainfile') section.chain = value;
}
