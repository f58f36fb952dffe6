// The links of a Markdown page that lead to nothing: a file that is not there, or a heading that the
// page does not have. Links to other hosts are not looked at.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function brokenLinks(root: string, path: string): string[] {
  const page = withoutCode(readFileSync(join(root, path), 'utf8'));
  const targets = [
    ...[...page.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map(([, target = '']) => target),
    ...[...page.matchAll(/^\[[^\]]+\]:\s*<?([^\s>]+)/gm)].map(([, target = '']) => target),
    ...[...page.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, target = '']) => target),
  ];
  return targets
    .filter((target) => !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target))
    .flatMap((target) => {
      const reason = broken(root, path, target);
      return reason === undefined ? [] : [`${path} links to ${target}: ${reason}`];
    });
}

function broken(root: string, path: string, target: string): string | undefined {
  const [file = '', anchor] = target.split('#', 2);
  const full = file === '' ? join(root, path) : join(root, dirname(path), decodeURI(file));
  if (!existsSync(full)) return 'no such file';
  if (anchor === undefined || !full.endsWith('.md') || !statSync(full).isFile()) return undefined;
  return anchors(readFileSync(full, 'utf8')).has(anchor) ? undefined : 'no such heading';
}

/** Headings as the forges name them: lower case, punctuation dropped, blanks to hyphens. */
function anchors(page: string): Set<string> {
  const headings = [...withoutBlocks(page).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
  const seen = new Map<string, number>();
  return new Set(
    headings.map((heading) => {
      const times = seen.get(heading) ?? 0;
      seen.set(heading, times + 1);
      return times === 0 ? heading : `${heading}-${times}`;
    }),
  );
}

function withoutBlocks(page: string): string {
  return page.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
}

function withoutCode(page: string): string {
  return withoutBlocks(page).replace(/`[^`\n]*`/g, '');
}
