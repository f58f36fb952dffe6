/** A jail's `port`: names of services, numbers and ranges. All of them is `all`. */
import { fail, ok, type Result } from '../../base/result.ts';

/** Wider ranges are all ports. */
const widest = 4096;

/** `services` gives a port by the name of its service (/etc/services). */
export function readPorts(
  text: string,
  services: ReadonlyMap<string, number>,
): Result<'all' | readonly number[]> {
  const ports = new Set<number>();
  for (const word of text.split(/[\s,]+/).filter((each) => each !== '')) {
    if (word === 'all' || word === 'any') return ok('all');
    const [, from = '', to] = /^([^:-]+|[^:]*[a-z][^:]*)(?:[:-](\d+))?$/.exec(word) ?? [];
    const first = /^\d+$/.test(from) ? Number(from) : services.get(from.toLowerCase());
    const last = to === undefined ? first : Number(to);
    if (first === undefined || last === undefined || first > last || last > 65_535) {
      return fail(
        'configuration',
        `cannot read the port: needs a number, a range or a service's name: ${word}`,
      );
    }
    if (last - first > widest) return ok('all');
    for (let port = first; port <= last; port += 1) ports.add(port);
  }
  return ok(ports.size === 0 ? 'all' : [...ports].toSorted((a, b) => a - b));
}

/** The lines of /etc/services; some names are known without it. */
export function readServices(text: string): ReadonlyMap<string, number> {
  const services = new Map<string, number>(Object.entries(common));
  for (const line of text.split('\n')) {
    const [, name, port, aliases = ''] = /^([\w.+-]+)\s+(\d{1,5})\/tcp([^#]*)/.exec(line) ?? [];
    if (name === undefined) continue;
    for (const each of [name, ...aliases.trim().split(/\s+/)]) services.set(each.toLowerCase(), Number(port));
  }
  return services;
}

const common: Readonly<Record<string, number>> = {
  ssh: 22,
  ftp: 21,
  'ftp-data': 20,
  ftps: 990,
  smtp: 25,
  smtps: 465,
  ssmtp: 465,
  submissions: 465,
  submission: 587,
  http: 80,
  https: 443,
  pop3: 110,
  pop3s: 995,
  imap2: 143,
  imap: 143,
  imaps: 993,
  sieve: 4190,
  domain: 53,
};
