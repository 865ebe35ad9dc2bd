import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findNginx } from '../../tools/engines/nginx.mjs';
import { eventually } from './eventually.js';
import { root } from './suite.js';

const CONFIGURATION = join(root, 'deploy/nginx');
const UNCHANGED = ['identity.conf', 'products.conf', 'proxy.conf', 'refusals.conf'];

/** The origins of the services, and where nginx is to listen. */
export interface NginxPlan {
  readonly port: number;
  readonly upstreams: Readonly<Record<string, string>>;
}

/** nginx with deploy/nginx as it is: only where it listens and where the services are is a test's own. */
export class Nginx {
  private constructor(
    readonly origin: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly said: string[],
  ) {}

  static async start({ port, upstreams }: NginxPlan): Promise<Nginx> {
    const home = process.env['GATEHOUSE_HOME'] ?? join(root, '.gatehouse');
    const { command, env } = await findNginx({ home, say: (text) => process.stderr.write(`${text}\n`) });
    mkdirSync(join(root, '.gatehouse/test'), { recursive: true });
    const folder = mkdtempSync(join(root, '.gatehouse/test/nginx-'));
    writeConfiguration(folder, port, upstreams);
    const child = spawn(command, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const nginx = new Nginx(`http://127.0.0.1:${port}`, child, folder, said);
    await eventually('nginx listens', async () => {
      if (child.exitCode !== null) throw new Error(`nginx has ended:\n${nginx.log}`);
      return answers(port);
    });
    return nginx;
  }

  /** What it has written to its error log. */
  get log(): string {
    return this.said.join('');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function writeConfiguration(folder: string, port: number, upstreams: NginxPlan['upstreams']): void {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const main = [
    // Its workers are to read the folder of the test, which is its owner's alone.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    ...['daemon off;', 'worker_processes 1;', `pid ${folder}/pid;`, 'error_log stderr warn;'],
    'events { worker_connections 256; }',
    `http { access_log off; ${temporary.join(' ')} include ${CONFIGURATION}/gatehouse.conf; }`,
  ];
  mkdirSync(join(folder, 'gatehouse'));
  for (const name of UNCHANGED)
    symlinkSync(join(CONFIGURATION, 'gatehouse', name), join(folder, 'gatehouse', name));
  const servers = Object.entries(upstreams).map(
    ([name, origin]) => `upstream ${name} { server ${new URL(origin).host}; keepalive 32; }`,
  );
  writeFileSync(join(folder, 'nginx.conf'), main.join('\n'));
  writeFileSync(join(folder, 'gatehouse/listen.conf'), `listen 127.0.0.1:${port};\n`);
  writeFileSync(join(folder, 'gatehouse/upstreams.conf'), servers.join('\n'));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
