/**
 * A password, key or token written into a file of other things: the line, and what it looks like; never
 * the secret itself. Comments do not count, nor does what is looked up when it is needed
 * (`password = $auth2`, `hide x = ${readfile{…}}`) or plainly stands for one (`password = secret`, `xxx`).
 *
 * Limit: it knows forms, not meanings. A password alone on a line of its own is text like any other.
 */
export interface PastedSecret {
  readonly line: number;
  readonly what: string;
}

/** What is given as the value of something: it may stand for a secret, and be none. */
const values: readonly (readonly [what: string, form: RegExp])[] = [
  ['a password in a URL', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,64}:([^\s:/@]{4,128})@[\w.[]/i],
  [
    'the password of a database',
    /^\s*(?:hide\s+)?(?:mysql|pgsql|redis|oracle|ldap)_servers?\s*=.*\/([^/\s:<]{4,128})\s*$/i,
  ],
  ['the password of a login', /\bclient_send\s*=.*[:^]\s*([^\s:^"'(){}|<>\\]{4,128})\s*$/],
  [
    'a password',
    /(?:^|[\s"'_.-])(?:password|passwd|passphrase|client_secret|bindpw|dnpass)["']?\s*[=:]\s*["']?([^\s"'#;,(){}|<>]{6,128})["']?\s*[;,]?\s*$/i,
  ],
  [
    'a key of an API',
    /(?:api|secret|access|auth)[_-]?(?:key|token)["']?\s*[=:]\s*["']?([\w/+=.-]{16,256})["']?\s*[;,]?\s*$/i,
  ],
];

/** What is a secret wherever it stands. */
const tokens: readonly (readonly [what: string, form: RegExp])[] = [
  ['an AWS access key', /\b((?:AKIA|ASIA)[A-Z0-9]{16})\b/],
  ['a token of GitHub or GitLab', /\b((?:gh[pousr]_[A-Za-z0-9]{36,255})|(?:glpat-[\w-]{20,64}))\b/],
  ['a token of Slack', /\b(xox[abprs]-[\w-]{10,250})/],
  ['the hash of a password', /(?:^|[\s:"'=])(\$(?:1|2[aby]|5|6|7|y|apr1|argon2id?)\$[\w./$=,+-]{20,200})/],
];

/** Is looked up: a macro, a variable, an expansion. */
const lookedUp = /^(?:[$%<{[].*|.*\$\{.*|[A-Z][A-Z0-9_]*)$/;
/** Stands for a secret. */
const placeholder =
  /^(?:\*+|x+|\.+|(?:your|my|the|some)?[_-]?(?:secret|password|passwd|pass|changeme|example|none|null|true|false|required|optional|files?|plain|login|sufficient|disabled?|enabled?|prohibit-password|without-password|ask|prompt)\d*|\/.*)$/i;

const longestLine = 2000;

export function pastedSecret(content: Uint8Array): PastedSecret | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.subarray(0, 8000).includes(0)) return undefined;
  const text = bytes.toString('latin1');
  // Most files hold none of the words: one look decides.
  if (!words.test(text)) return undefined;
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.length > longestLine || /^\s*(?:[#;]|\/\/|--)/.test(line)) continue;
    const found =
      tokens.find(([, form]) => form.test(line)) ??
      values.find(([, form]) => {
        const value = form.exec(line)?.[1];
        return value !== undefined && !lookedUp.test(value) && !placeholder.test(value);
      });
    if (found !== undefined) return { line: number, what: found[0] };
  }
  return undefined;
}

const words =
  /pass|_servers?\s*=|client_s|bindpw|dnpass|:\/\/[^\s/@]+@|key|token|AKIA|ASIA|gh[pousr]_|glpat-|xox|\$(?:1|2[aby]|5|6|7|y|apr1|argon2)/i;
