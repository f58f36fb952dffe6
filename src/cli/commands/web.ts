/** `portreeve web …`: getting into the page. */
import { Command } from 'commander';
import { webLogin } from './web-login.ts';
import { webMetricsToken } from './web-metrics-token.ts';
import { webPassword } from './web-password.ts';

export function web(): Command {
  return new Command('web')
    .description('get into the page that the agent serves')
    .addCommand(webLogin())
    .addCommand(webPassword())
    .addCommand(webMetricsToken());
}
