import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../support/eventually.js';
import { type Answer, type CallOptions, jsonCall } from '../support/json-call.js';
import { freePortBlock } from '../support/test-ports.js';

/** The URLs of the engines, or of doors to them. */
export interface Engines {
  readonly database: string;
  readonly redis: string;
}

export interface ReplicaOptions {
  /** More variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A module that is loaded before it. */
  readonly preload?: string;
}

/** A service in a process of its own, as it is built. */
export class ServiceReplica {
  protected constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when it is ready. */
  static async spawn<Replica extends ServiceReplica>(
    this: { readonly prototype: Replica },
    app: string,
    { env, preload }: ReplicaOptions,
  ): Promise<Replica> {
    const port = await freePortBlock(1);
    const loaded = preload === undefined ? [] : ['--import', preload];
    const child = spawn(process.execPath, [...loaded, `apps/${app}/dist/main.js`], {
      cwd: process.cwd(),
      env: {
        ...{ PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'fatal' },
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const Service = this as unknown as new (child: ChildProcess, url: string) => Replica;
    const replica = new Service(child, `http://127.0.0.1:${port}`);
    await replica.whenReady();
    return replica;
  }

  async whenReady(): Promise<void> {
    await eventually('it is ready', async () => (await this.call('GET', '/health/ready')).status === 200);
  }

  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<Body>> {
    return jsonCall<Body>(method, `${this.url}${path}`, options);
  }

  /** Tells what was preloaded. */
  tell(message: object): void {
    this.child.send(message);
  }

  /** Stops it where it is, by SIGSTOP. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  /** Lets it go on where it was. */
  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it with -9. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
