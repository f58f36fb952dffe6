/** `portreeve web login`: a token that logs into the page, once. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { readListening } from '../../server/listening.ts';
import { newLoginToken } from '../../server/login-key.ts';
import { act } from '../act.ts';
import { loadSettings, settingOptions, withSettings } from '../load-settings.ts';
import { readLoginKey } from '../login-key.ts';

export function webLogin(): Command {
  return withSettings(new Command('login'), 'server')
    .description('print a link that logs into the page, once, within five minutes')
    .action(
      act(settingOptions, async ({ speak, options }) => {
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const key = await readLoginKey();
        if (!key.ok) return key;
        const token = newLoginToken(key.value, systemClock.now());
        const listening = readListening(settings.value.text('server.listen'));
        const origin = listening.kind === 'port' ? `http://${shown(listening.host)}:${listening.port}` : '';
        // Behind the #, so that no log and no referrer ever holds it.
        const url = origin === '' ? undefined : `${origin}/#login=${token}`;
        speak.line(url ?? token);
        speak.document({ token, ...(url === undefined ? {} : { url }) });
        return ok(0);
      }),
    );
}

function shown(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
