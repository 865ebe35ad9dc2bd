import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedisServer, type RedisServerProgram } from '../../tools/engines/redis-server.mjs';
import { homeOf } from '../../tools/root.mjs';
import { makeTestHome, type TestHome } from '../../tools/testing/test-home.mjs';
import { eventually } from './eventually.js';
import { freePortBlock, isFree } from './test-ports.js';

/** Of a cluster: the port of the bus is this much higher. */
const BUS = 10_000;

/** One server that a test has started, and a connection of its own to tell it something. */
export class RedisServer {
  readonly host = '127.0.0.1';
  readonly client: Redis;

  constructor(
    readonly port: number,
    private readonly process: ChildProcess,
    password?: string,
  ) {
    this.client = new Redis({ host: this.host, port, password, lazyConnect: true, retryStrategy: () => 50 });
    this.client.on('error', () => undefined);
  }

  /** The value of a line of `INFO replication` or `CLUSTER INFO`. */
  async says(name: string, section: 'replication' | 'cluster'): Promise<string | undefined> {
    const text = section === 'cluster' ? await this.client.cluster('INFO') : await this.client.info(section);
    return new RegExp(`^${name}:(.*)\r`, 'm').exec(text)?.[1];
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.client.disconnect();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }
}

/** Real servers, as `npm start` uses them, for tests that need more than one. `end()` kills what is left. */
export class RedisServers {
  private readonly servers: RedisServer[] = [];
  private program: RedisServerProgram | undefined;
  private home: TestHome | undefined;
  private ports: number[] = [];

  /** @param count how many may be started */
  async prepare(count: number): Promise<void> {
    this.program = await findRedisServer({ home: homeOf(), say: () => undefined });
    this.home = await makeTestHome();
    for (;;) {
      const first = await freePortBlock(count);
      this.ports = Array.from({ length: count }, (_, index) => first + index);
      if ((await Promise.all(this.ports.map((port) => isFree(port + BUS)))).every(Boolean)) return;
    }
  }

  /** Where the next one will be. */
  get nextPort(): number {
    const [port] = this.ports;
    if (port === undefined) throw new Error('No port was prepared for it');
    return port;
  }

  /** @param lines of its configuration */
  async start(lines: readonly string[] = [], { sentinel = false, password = '' } = {}): Promise<RedisServer> {
    if (this.program === undefined || this.home === undefined) throw new Error('Nothing was prepared');
    const { command, argv0, env } = this.program;
    const { home, ledger } = this.home;
    const port = this.nextPort;
    this.ports.shift();
    const file = join(home, `redis-${port}.conf`);
    const common = ['bind 127.0.0.1', `port ${port}`, `dir "${home}"`, `logfile "redis-${port}.log"`];
    const data = sentinel ? [] : ['save ""', 'appendonly no', 'repl-diskless-sync-delay 0'];
    writeFileSync(file, [...common, ...data, ...lines, ''].join('\n'));
    const child = spawn(command, [file, ...(sentinel ? ['--sentinel'] : [])], {
      argv0,
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    ledger.add({ name: `redis ${port}`, pid: child.pid, stopSignal: 'SIGTERM', engine: true });
    const server = new RedisServer(port, child, password || undefined);
    this.servers.push(server);
    await eventually(`the server on ${port}`, async () => (await server.client.ping()) === 'PONG');
    return server;
  }

  async end(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    this.home?.remove();
  }
}
