/** What filters packets on this host already, in words: the guard stands beside it and changes nothing of it. */
import { run } from '../host/run.ts';

const ours = /^table \S+ portreeve/;

/** Nothing where nobody filters. A table of nftables may be anybody's, a front end's among them. */
export async function firewallInUse(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, argv, word] of [
    ['ufw', ['ufw', 'status'], 'Status: active'],
    ['firewalld', ['firewall-cmd', '--state'], 'running'],
  ] as const) {
    const said = await output(argv);
    if (said?.includes(word) === true) found.push(name);
  }
  const tables = (await output(['nft', 'list', 'tables']))?.split('\n').filter((line) => line !== '') ?? [];
  const others = tables.filter((line) => !ours.test(line)).map((line) => line.replace(/^table /, ''));
  if (others.length > 0) found.push(`nftables (${others.slice(0, 8).join(', ')})`);
  const legacy = (await output(['iptables-legacy', '-S']))
    ?.split('\n')
    .filter((line) => line.startsWith('-A'));
  if (legacy !== undefined && legacy.length > 0) found.push(`iptables (${legacy.length} rules)`);
  return found;
}

async function output(argv: readonly string[]): Promise<string | undefined> {
  const ran = await run(argv, { timeoutMs: 5000 });
  return ran.ok && ran.value.status === 0 ? ran.value.stdout : undefined;
}
