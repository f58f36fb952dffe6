/** Text for XML and HTML: neither markup nor characters that XML forbids get through. */
import { printable } from '../../../base/printable.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeMarkup(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line).replace(/[&<>"']/g, (character) => entities[character] ?? ''))
    .join('\n')
    .replace(/[\ud800-\udfff]|\ufffe|\uffff/gu, '\ufffd');
}
