/** `portreeve web metrics-token`: what a collector of metrics brings. */
import { Command } from 'commander';
import { z } from 'zod';
import { ok } from '../../base/result.ts';
import { metricsToken } from '../../server/login-key.ts';
import { act } from '../act.ts';
import { readLoginKey } from '../login-key.ts';

export function webMetricsToken(): Command {
  return new Command('metrics-token')
    .description('print the bearer token for /metrics; it opens nothing else')
    .action(
      act(z.object({}), async ({ speak }) => {
        const key = await readLoginKey();
        if (!key.ok) return key;
        const token = metricsToken(key.value);
        speak.line(token);
        speak.document({ token });
        return ok(0);
      }),
    );
}
