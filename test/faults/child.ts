import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Answer {
  readonly call: number;
  readonly answer?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A process of these tests, which does what it is told until something happens to it. */
export class Child {
  private readonly calls = new Map<number, Waiting>();
  private lastCall = 0;

  private constructor(
    private readonly script: string,
    private readonly process: ChildProcess,
  ) {
    process.on('message', (message: Answer | 'ready') => {
      if (message !== 'ready') this.settle(message);
    });
    process.on('exit', () => {
      for (const { reject } of this.calls.values()) reject(new Error(`${script} has ended`));
      this.calls.clear();
    });
  }

  /** Starts a script of `processes/`. Wait until it is `ready`. */
  static start(script: string, options: unknown): Child {
    const path = fileURLToPath(new URL(`./processes/${script}.process.mjs`, import.meta.url));
    return new Child(script, fork(path, [JSON.stringify(options)], { execArgv: ['--expose-gc'] }));
  }

  /** Rejects when it ends before. */
  async ready(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.process.once('message', () => resolve());
      this.process.once('exit', (code, signal) =>
        reject(new Error(`${this.script} ended with ${code ?? signal}`)),
      );
    });
    return this;
  }

  get pid(): number {
    return this.process.pid as number;
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Has the process do something, and resolves to what it says; rejects when it ends before. */
  call<T = void>(name: string, input?: unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const call = ++this.lastCall;
      this.calls.set(call, { resolve: (answer) => resolve(answer as T), reject });
      this.process.send({ call, name, input });
    });
  }

  /** With -9. Resolves when it has ended. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  /** Resolves when it has ended by itself. */
  async end(): Promise<void> {
    if (!this.hasEnded) await once(this.process, 'exit');
  }

  /** Stops it where it is, by SIGSTOP. */
  pause(): void {
    this.process.kill('SIGSTOP');
  }

  /** Lets it go on where it was. */
  resume(): void {
    this.process.kill('SIGCONT');
  }

  private settle({ call, answer, error }: Answer): void {
    const waiting = this.calls.get(call);
    this.calls.delete(call);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`${this.script}: ${error}`));
  }
}
