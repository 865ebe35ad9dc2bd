import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The example's upstream process. */
export class Upstream {
  private child?: ChildProcess;
  origin = '';

  async open(): Promise<this> {
    this.child = fork(join(import.meta.dirname, '../upstream/upstream.mjs'), {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, PORT: '0', NODE_OPTIONS: '' },
    });
    const [line] = (await once(this.child.stdout!, 'data')) as [Buffer];
    this.origin = /http:\S+/.exec(String(line))?.[0] ?? '';
    return this;
  }

  /** Has a provider answer with a status from now on. */
  async behave(provider: string, status: number): Promise<void> {
    const body = JSON.stringify({ status });
    const answer = await fetch(`${this.origin}/${provider}/behaviour`, { method: 'PUT', body });
    if (!answer.ok) throw new Error(`The upstream answered ${answer.status}`);
  }

  async close(): Promise<void> {
    if (this.child === undefined || this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
