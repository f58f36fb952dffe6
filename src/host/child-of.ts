/** The first child of a process, as the kernel lists it (proc(5), /proc/PID/task/TID/children). */
import { readFile } from 'node:fs/promises';
import { fail, ok, type Result } from '../base/result.ts';

export async function childOf(pid: number): Promise<Result<number>> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const child = Number(listed.trim().split(' ')[0]);
  return child > 0 ? ok(child) : fail('unavailable', `cannot find the child of process ${pid}: it has none`);
}
