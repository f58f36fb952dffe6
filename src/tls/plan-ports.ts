/**
 * Plans that Exim serves further ports (`daemon_smtp_ports`), those of RFC 8314 with TLS from the first
 * byte (`tls_on_connect_ports`). Ports are only ever added. Debian has no macro for either.
 */
import { readSettings, setSetting } from '../exim/debian-settings.ts';

const smtp = 25;
/** Submission over TLS from the first byte (RFC 8314, section 7.3). */
const implicit = new Set([465]);

export function planPorts(
  texts: Map<string, string>,
  wanted: readonly number[],
  ownFile: string,
  words: string[],
): void {
  if (wanted.length === 0) return;
  const add = (name: string, more: readonly number[], without: readonly number[]): void => {
    const at = [...texts].find(([, text]) => readSettings(text).some((setting) => setting.name === name));
    const [path, text] = at ?? [ownFile, texts.get(ownFile) ?? ''];
    const set = readSettings(text).findLast((setting) => setting.name === name)?.value;
    const now = set === undefined ? without : (set.match(/\d+|[a-z]+/g) ?? []).map(portNumber);
    const missing = more.filter((port) => !now.includes(port));
    if (missing.length === 0) return;
    const value = [...now, ...missing].join(' : ');
    texts.set(path, setSetting(text, name, value, comment));
    words.push(`serve port ${missing.join(', ')}: ${name} = ${value} in ${path}`);
  };
  add('daemon_smtp_ports', wanted, [smtp]);
  add(
    'tls_on_connect_ports',
    wanted.filter((port) => implicit.has(port)),
    [],
  );
}

const comment = 'The ports that Exim serves (portreeve tls enable --ports)';

/** Names as Exim takes them from /etc/services. */
const services: Readonly<Record<string, number>> = {
  smtp: 25,
  submission: 587,
  smtps: 465,
  submissions: 465,
  ssmtp: 465,
};

function portNumber(text: string): number {
  return services[text] ?? Number(text);
}
