/** Where the keeper is asked. */
export function keeperSocket(): string {
  return process.env['PORTREEVE_KEEPER'] ?? '/run/portreeve/keeper.sock';
}
