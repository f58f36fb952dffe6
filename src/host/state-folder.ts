/** The folder of all that Portreeve keeps: histories, journals, locks. */
export function stateFolder(): string {
  return process.env['PORTREEVE_STATE'] ?? '/var/lib/portreeve';
}
