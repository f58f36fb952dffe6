/** The mail server's name and version, where its greeting tells them; a claim, good enough to choose words by. */
const known: readonly (readonly [RegExp, string])[] = [
  [/\bExim (\d[\w.]*)?/, 'Exim'],
  [/\bPostfix\b(?: \(?(\d[\w.]*))?/, 'Postfix'],
  [/\bDovecot\b(?: (\d[\w.]*))?/, 'Dovecot'],
  [/\bSendmail (\d[\w.]*)?/i, 'Sendmail'],
  [/\bMicrosoft ESMTP MAIL Service\b/, 'Exchange'],
  [/\bOpenSMTPD\b/, 'OpenSMTPD'],
  [/\bStalwart\b/, 'Stalwart'],
  [/\bMailEnable\b/, 'MailEnable'],
  [/\bhMailServer\b/, 'hMailServer'],
  [/\bZimbra\b/i, 'Zimbra'],
];

export function softwareOf(greeting: string): string | undefined {
  for (const [pattern, name] of known) {
    const [found, version] = pattern.exec(greeting) ?? [];
    if (found !== undefined) return version === undefined ? name : `${name} ${version}`;
  }
  return undefined;
}
