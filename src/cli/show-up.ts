/** Shows what a host is and what `up` would do there: each step in plain words, and what it would write. */
import { ok, type Result } from '../base/result.ts';
import type { HostFacts } from './host-facts.ts';
import { ownCommand } from './own-command.ts';
import type { Speaker } from './speak.ts';
import type { UpPlan } from './up-plan.ts';

/** A step that could not be carried out is found here, before anything is touched. */
export async function showUp(
  speak: Speaker,
  facts: HostFacts,
  { steps, remarks }: UpPlan,
): Promise<Result<void>> {
  for (const [name, text] of described(facts)) speak.line(`${name.padEnd(13)} ${text}`);
  for (const remark of remarks) speak.line(speak.style.warn(`note          ${remark}`));
  speak.line();
  speak.line('The plan:');
  for (const [place, { kind, says, command }] of steps.entries()) {
    speak.line(`  ${place + 1}. ${says}`);
    if (command === undefined) continue;
    speak.line(speak.style.dim(`     portreeve ${command.join(' ')}`));
    if (kind === 'history') continue;
    const shown = await ownCommand(speak, [...command.filter((word) => word !== '--yes'), '--dry-run']);
    if (!shown.ok && !(kind === 'jails' && facts.jailsLeft.length > 0)) return shown;
  }
  speak.line();
  return ok();
}

function described(facts: HostFacts): (readonly [string, string])[] {
  const { exim, folder, layout, ports, seen, certificates, resolver, firewalls, log, hasLog, logging } =
    facts;
  return [
    [
      'Exim',
      `${exim.version} with ${exim.library}, called ${exim.hostName}, on ports ${ports.join(', ') || 'none'}`,
    ],
    ['configuration', `${folder}${layout === undefined ? '' : `, ${layout}`}`],
    ['log', `${log}${hasLog ? '' : ' (not there yet)'}${logging === '' ? '' : `; ${logging}`}`],
    ...seen.map((line, place) => [place === 0 ? 'seen outside' : '', line] as const),
    ...(certificates.length === 0
      ? [['certificates', 'none that another program has'] as const]
      : certificates.map((line, place) => [place === 0 ? 'certificates' : '', line] as const)),
    ['resolver', resolver ?? 'none'],
    ['firewall', firewalls.join(', ') || 'none in use'],
  ];
}
