/** Where systemd has put a credential of the unit that we run in (systemd.exec(5)). */
import { fail, ok, type Result } from '../base/result.ts';

export function credentialPath(name: string): Result<string> {
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  return folder === undefined || !folder.startsWith('/')
    ? fail('missing', `cannot read the credential ${name}: systemd must have passed it: it has not`, {
        hint: `in the unit: LoadCredential=${name}:/path/of/the/file`,
      })
    : ok(`${folder}/${name}`);
}
