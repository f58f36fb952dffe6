/** `portreeve doctor`: what is wrong with the installation itself. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { act } from '../act.ts';
import { examine } from '../examine.ts';
import { settingOptions } from '../load-settings.ts';

export function doctor(): Command {
  return new Command('doctor')
    .description('find what is wrong with the installation itself; status 1 when something is')
    .action(
      act(settingOptions, async ({ speak, options: { config } }) => {
        const findings = await examine(config);
        for (const { state, says, hint } of findings) {
          const mark = {
            good: speak.style.good('ok  '),
            warning: speak.style.warn('warn'),
            bad: speak.style.bad('BAD '),
          }[state];
          speak.line(`${mark} ${says}`);
          if (hint !== undefined) speak.line(`       ${speak.style.dim(hint)}`);
        }
        speak.document(findings);
        return ok(findings.some(({ state }) => state === 'bad') ? 1 : 0);
      }),
    );
}
