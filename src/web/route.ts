/** Which page the address names: `#/guard/192.0.2.1` is the page `guard` with what follows. */
export interface PageRoute {
  readonly page: PageName;
  readonly rest: readonly string[];
}

export const pageNames = ['overview', 'encryption', 'guard', 'history', 'timeline'] as const;
export type PageName = (typeof pageNames)[number];

export function readRoute(hash: string): PageRoute {
  const [name = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  const page = pageNames.find((each) => each === name) ?? 'overview';
  return { page, rest: rest.filter((part) => part !== '') };
}

export function routeTo(page: PageName, ...rest: readonly string[]): string {
  return `#/${[page, ...rest].map(encodeURIComponent).join('/')}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
