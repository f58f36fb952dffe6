/**
 * A jail's actions: those that ban in a firewall become bans in ours, on the ports that they name; those that
 * send mail or report, and scripts of one's own, are left, and named.
 */
import { readNamed, splitNamed } from '../config/option-list.ts';

export interface MappedActions {
  /** As the firewall action says, undefined where it names none. */
  readonly port: string | undefined;
  readonly allPorts: boolean;
  readonly left: readonly string[];
  readonly changed: readonly string[];
  /** It lets those in whom the filter finds, and nobody else: the reverse of a ban. */
  readonly admits: boolean;
}

const firewalls =
  /^(?:iptables|ip6tables|nftables|firewallcmd|ufw|shorewall|ipfw|pf$|bsd-ipfw|route|afctl|ipset|apf|npf|osx)/;

export function mapActions(text: string): MappedActions {
  const left: string[] = [];
  const changed: string[] = [];
  let port: string | undefined;
  let allPorts = false;
  let bans = false;
  let admits = false;
  for (const written of splitNamed(text)) {
    const action = readNamed(written);
    if (!action.ok) {
      left.push(`action ${written.slice(0, 60)}: it cannot be read`);
      continue;
    }
    const { name, options } = action.value;
    if (!firewalls.test(name)) {
      left.push(`action ${name}: only bans are carried out, in Portreeve's firewall`);
      continue;
    }
    bans = true;
    port = options.get('port') ?? port;
    if (name.includes('allports') || /^(?:route|ufw|shorewall|afctl)/.test(name)) allPorts = true;
    if (/udp|all/.test(options.get('protocol') ?? '') && !allPorts)
      changed.push(`action ${name}: bans are of TCP`);
    if (/^(?:RETURN|ACCEPT)/i.test(options.get('blocktype') ?? '')) admits = true;
    if ((options.get('blocktype') ?? 'DROP').toUpperCase().startsWith('REJECT')) {
      changed.push(`action ${name}: packets are dropped, not rejected`);
    }
  }
  if (!bans) changed.push('no action of a firewall: bans go to Portreeve’s firewall');
  return { port, allPorts, left, changed, admits };
}
