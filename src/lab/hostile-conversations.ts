/**
 * What an attacker says to make a log reader see somebody else: text that imitates Exim's own log
 * lines around the address of a scapegoat, in each field that a client controls. Whoever searches
 * lines for an address bans the scapegoat; whoever reads by grammar bans the speaker, or nobody.
 */
export interface HostileConversation {
  /** STARTTLS first: logins are offered under TLS alone. */
  readonly encrypted: boolean;
  /** Each is said when the one before is answered. */
  readonly says: readonly string[];
}

export function hostileConversations(scapegoat: string, recipient: string): readonly HostileConversation[] {
  const host = `H=x [${scapegoat}]`;
  const failed = `login authenticator failed for (x) [${scapegoat}]: 535 Incorrect authentication data (set_id=a)`;
  const refused = `Connection from [${scapegoat}] refused: too many connections`;
  const login = btoa(`\0a) [${scapegoat}]: 535 Incorrect authentication data (set_id=b\0x`);
  return [
    {
      // Logins, senders, recipients.
      encrypted: true,
      says: [
        `AUTH PLAIN ${login}`,
        `MAIL FROM:<"${failed}"@evil.invalid>`,
        'RSET',
        `MAIL FROM:<"${host} rejected RCPT <a@b>: relay not permitted"@world.example>`,
        `RCPT TO:<"${refused}"@elsewhere.invalid>`,
        `RCPT TO:<"x [${scapegoat}]: 535 Incorrect authentication data"@elsewhere.invalid>`,
      ],
    },
    {
      // Greetings, commands, arguments; Exim hangs up when it has enough of errors.
      encrypted: false,
      says: [
        `EHLO [${scapegoat}]`,
        `EHLO ${host} ${refused}`,
        `VRFY ${host} ${failed}`,
        refused,
        `MAIL FROM:<${host}>`,
        `NOOP "${host}"`,
      ],
    },
    {
      // A message that is accepted: its id, and with some settings its subject, are logged.
      encrypted: false,
      says: [
        `EHLO [${scapegoat}]`,
        'MAIL FROM:<>',
        `RCPT TO:<${recipient}>`,
        'DATA',
        [
          `From: "${host}" <x@evil.invalid>`,
          `To: <${recipient}>`,
          `Subject: ${refused}`,
          `Message-ID: <"${host} ${failed}"@evil.invalid>`,
          '',
          refused,
          '.',
        ].join('\r\n'),
      ],
    },
  ];
}
