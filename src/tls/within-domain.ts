/** Whether an authority that is kept to some domains (RFC 5280, section 4.2.1.10) may issue for a name. */
export function isWithin(domains: readonly string[], type: 'dns' | 'ip', name: string): boolean {
  if (domains.length === 0) return true;
  return type === 'dns' && domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}
