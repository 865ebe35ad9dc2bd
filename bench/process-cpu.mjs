import { readdirSync, readFileSync } from 'node:fs';

/** The unit of /proc on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU of a process and its children so far, dead ones too; undefined where there is no /proc. */
export function cpuSecondsOfTree(pid) {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => timesOf(name));
  const own = processes.filter((each) => each.pid === pid || each.parent === pid);
  const ticks = own.reduce((sum, { live, reaped }) => sum + live + reaped, 0);
  return ticks / TICKS_PER_SECOND;
}

function timesOf(pid) {
  try {
    // The second field, the command, may hold spaces and brackets: read on behind its last bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user, system, reapedUser, reapedSystem] = fields.slice(11, 15).map(Number);
    return [
      {
        pid: Number(pid),
        parent: Number(fields[1]),
        live: user + system,
        reaped: reapedUser + reapedSystem,
      },
    ];
  } catch {
    return []; // it has just ended
  }
}
