// STARTTLS in front of a TLS server, in a lab machine: node tools/audit-front.ts PORT INNER COMMAND...
// Ends, with the command, when its standard input does.

import { spawn } from 'node:child_process';
import { openFront } from '../test/audit/starttls-front.ts';

const [port = '', inner = '', program = '', ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
const front = await openFront({ behind: Number(inner), port: Number(port), host: '0.0.0.0' });
server.on('exit', () => {
  process.exit(1);
});
process.stdin.resume();
process.stdin.on('end', () => {
  front.close();
  server.kill('SIGKILL');
  process.exit(0);
});
