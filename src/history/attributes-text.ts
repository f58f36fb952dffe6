/**
 * Extended attributes as words of one line, sorted: `acl=u::rw-,u:alice:r--,g::r--,m::r--,o::---
 * user.note=aGVsbG8=`. ACLs are readable; all other values are base64; odd names are percent-encoded.
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Accounts } from '../host/accounts.ts';
import type { Attributes } from '../host/extended-attributes.ts';
import { aclText, aclValue } from './acl.ts';

const acls: Readonly<Record<string, string>> = {
  acl: 'system.posix_acl_access',
  'default-acl': 'system.posix_acl_default',
};

/** Empty where there are none. */
export function attributesText(attributes: Attributes, accounts: Accounts): string {
  const words = [...attributes].map(([name, value]) => {
    const short = Object.keys(acls).find((key) => acls[key] === name);
    const text = short === undefined ? undefined : aclText(value, accounts);
    return text === undefined
      ? `${encodeURIComponent(name)}=${value.toString('base64')}`
      : `${short ?? ''}=${text}`;
  });
  return words.toSorted((a, b) => (a < b ? -1 : 1)).join(' ');
}

export function attributesOf(text: string, accounts: Accounts): Result<Attributes> {
  const attributes = new Map<string, Buffer>();
  for (const word of text === '' ? [] : text.split(' ')) {
    const at = word.indexOf('=');
    const key = word.slice(0, at);
    const name = acls[key];
    const value =
      name === undefined ? Buffer.from(word.slice(at + 1), 'base64') : aclValue(word.slice(at + 1), accounts);
    if (value === undefined) {
      return fail('missing', `cannot set the ACL: its users and groups must exist on this machine: ${word}`, {
        hint: 'look with: getent passwd; getent group',
      });
    }
    attributes.set(name ?? decodeURIComponent(key), value);
  }
  return ok(attributes);
}
