import { chownSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeWhole } from '../launcher/files.mjs';
import { LogFile } from './log-file.mjs';
import { pingRedis } from './redis-ping.mjs';

/**
 * A Redis server as a program for the supervisor, with its data, an append-only file, in `<home>/redis`; without
 * `persisting` it writes none.
 */
export function redisProgram({ server, home, port, password, persisting = true }) {
  const data = resolve(home, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const settings = join(data, 'redis.conf');
  writeWhole(settings, configuration({ data, port, password, persisting }));
  const ids = accountOf(data);
  if (ids.uid !== undefined) chownSync(settings, ids.uid, ids.gid);
  const log = new LogFile(join(home, 'logs/redis.log'));
  const url = `redis://:${password}@127.0.0.1:${port}`;
  return {
    name: 'redis',
    command: server.command,
    args: [settings],
    options: {
      ...ids,
      argv0: server.argv0,
      cwd: data,
      env: { ...process.env, ...server.env },
      stdio: log.stdio,
    },
    stopSignal: 'SIGTERM',
    engine: true,
    url,
    // It still reads its file while it answers -LOADING, which is no pong.
    isReady: () =>
      pingRedis(url).then(
        () => true,
        () => false,
      ),
    explain: () => log.lines().slice(-5),
  };
}

/** Data of an ordinary user stays that user's, also when root goes on with it. */
function accountOf(data) {
  const { uid, gid } = statSync(data);
  return process.getuid() === 0 && uid !== 0 ? { uid, gid } : {};
}

function configuration({ data, port, password, persisting }) {
  return `bind 127.0.0.1
port ${port}
dir "${data}"
requirepass ${password}
appendonly ${persisting ? 'yes' : 'no'}
appendfsync everysec
save ""
daemonize no
`;
}
