/** What a process has used so far, from the kernel's own account (proc(5)). */
import { fail, ok, type Result } from '../base/result.ts';
import type { Usage } from './defence/defence.ts';
import type { Machine } from './machine.ts';

export async function processUsage(machine: Machine, pid: number): Promise<Result<Usage>> {
  const read = await machine.succeed('read what the defence used', [
    'sh',
    '-c',
    'getconf CLK_TCK; cat "/proc/$1/stat" && grep VmHWM "/proc/$1/status"',
    'sh',
    String(pid),
  ]);
  return read.ok ? parseUsage(read.value.stdout) : read;
}

/** Three lines: ticks a second, /proc/PID/stat, and the VmHWM line of /proc/PID/status. */
export function parseUsage(text: string): Result<Usage> {
  const [ticks = '', stat = '', peak = ''] = text.split('\n');
  // The name stands in parentheses and may hold anything; utime is the twelfth field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  const kibibytes = Number(/\d+/.exec(peak)?.[0]);
  const total = (utime ?? Number.NaN) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0);
  const cpuSeconds = total / Number(ticks);
  return Number.isFinite(cpuSeconds) && Number.isFinite(kibibytes)
    ? ok({ cpuSeconds, rssMiB: kibibytes / 1024 })
    : fail('unavailable', 'cannot read what the defence used: the kernel shows it in an unknown form');
}
