import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const hasProc = process.platform === 'linux';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !hasProc || !/^\d+ \(.*\) [ZX]/s.test(read(`/proc/${pid}/stat`)); // a zombie has ended
}

/** The processes that name a folder in command line or environment, or work in it; this one aside. */
export function processesOf(folder: string): { pid: number; described: string }[] {
  const all = hasProc ? processesOnLinux() : processesElsewhere();
  return all.filter(({ pid, described }) => described.includes(folder) && pid !== process.pid);
}

function processesOnLinux(): { pid: number; described: string }[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isAlive(pid))
    .map((pid) => {
      const parts = [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`), workingFolder(pid)];
      return { pid, described: parts.join(' ').replaceAll('\0', ' ') };
    });
}

function processesElsewhere(): { pid: number; described: string }[] {
  const lines = execFileSync('ps', ['-axwwE', '-o', 'pid=,command='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines.map((described) => ({ pid: Number.parseInt(described), described }));
}

/** Redis and PostgreSQL write their titles over command line and environment. */
function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
