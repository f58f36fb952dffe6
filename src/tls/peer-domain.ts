/** The domain of a peer by its name: the registered one as far as it can be told without a list, two labels, three below a short one. */
export function peerDomain(name: string | undefined): string | undefined {
  if (name === undefined || !name.includes('.') || /^[\d.]+$/.test(name)) return undefined;
  const labels = name.toLowerCase().replace(/\.$/, '').split('.');
  const short = (labels.at(-2) ?? '').length <= 3 && (labels.at(-1) ?? '').length === 2 && labels.length > 2;
  return labels.slice(short ? -3 : -2).join('.');
}
