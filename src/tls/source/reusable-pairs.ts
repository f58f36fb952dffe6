/**
 * The certificates that this host has already: Let's Encrypt's live folders, and what nginx and Apache are
 * configured with. Their files are read, nobody is asked: a web server need not run.
 */
import { listFolder, readText } from '../../host/files.ts';
import { globFiles } from '../../host/glob-files.ts';
import { realPath } from '../../host/real-path.ts';
import { type Certificate } from '../../host/certificate.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import { readApache } from './apache-pairs.ts';
import { readNginx } from './nginx-pairs.ts';
import { readPair, type PairFiles } from './read-pair.ts';
import type { Pair } from './pair.ts';

export interface ReusablePair extends PairFiles {
  /** Who has it: `Let's Encrypt`, `nginx`, `Apache`. */
  readonly owner: string;
  readonly pair: Pair;
  readonly leaf: Certificate;
}

export interface UnusablePair extends PairFiles {
  readonly owner: string;
  readonly reason: string;
}

export interface ReusablePairs {
  readonly usable: readonly ReusablePair[];
  readonly unusable: readonly UnusablePair[];
}

export async function findReusablePairs(): Promise<ReusablePairs> {
  const named: (PairFiles & { owner: string })[] = [
    ...(await letsEncrypt()),
    ...(await configured('nginx', { start: '/etc/nginx/nginx.conf', base: '/etc/nginx', read: readNginx })),
    ...(await configured('Apache', {
      start: '/etc/apache2/apache2.conf',
      base: '/etc/apache2',
      read: readApache,
    })),
    ...(await configured('Apache', {
      start: '/etc/httpd/conf/httpd.conf',
      base: '/etc/httpd',
      read: readApache,
    })),
  ];
  const usable: ReusablePair[] = [];
  const unusable: UnusablePair[] = [];
  const seen = new Set<string>();
  for (const files of named) {
    // A site that uses the live folder of Let's Encrypt has the same certificate.
    const real = await realPath(files.cert);
    const place = real.ok ? real.value : files.cert;
    if (seen.has(place)) continue;
    seen.add(place);
    const pair = await readPair(files);
    const read = pair.ok ? readCertificateFile(pair.value.certificate, files.cert) : pair;
    const leaf = read.ok ? read.value[0] : undefined;
    if (pair.ok && leaf !== undefined) usable.push({ ...files, pair: pair.value, leaf });
    else if (!read.ok) unusable.push({ ...files, reason: read.problem.message });
  }
  return { usable, unusable };
}

const live = '/etc/letsencrypt/live';

async function letsEncrypt(): Promise<(PairFiles & { owner: string })[]> {
  const names = await listFolder(live);
  return (names.ok ? names.value : [])
    .filter((name) => name !== 'README')
    .map((name) => ({
      owner: "Let's Encrypt",
      cert: `${live}/${name}/fullchain.pem`,
      key: `${live}/${name}/privkey.pem`,
    }));
}

interface Configured {
  readonly start: string;
  /** What relative names are relative to. */
  readonly base: string;
  readonly read: (text: string) => {
    readonly pairs: readonly PairFiles[];
    readonly includes: readonly string[];
  };
}

const mostFiles = 2000;

async function configured(
  owner: string,
  { start, base, read }: Configured,
): Promise<(PairFiles & { owner: string })[]> {
  const absolute = (path: string): string => (path.startsWith('/') ? path : `${base}/${path}`);
  const found: (PairFiles & { owner: string })[] = [];
  const waiting = [start];
  const seen = new Set<string>();
  for (let path = waiting.shift(); path !== undefined && seen.size < mostFiles; path = waiting.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = await readText(path, 4 * 1024 * 1024);
    if (!text.ok) continue;
    const { pairs, includes } = read(text.value);
    for (const { cert, key, chain } of pairs) {
      const more = chain === undefined ? {} : { chain: absolute(chain) };
      found.push({ owner, cert: absolute(cert), key: absolute(key), ...more });
    }
    for (const pattern of includes) waiting.push(...(await globFiles(absolute(pattern))));
  }
  return found;
}
