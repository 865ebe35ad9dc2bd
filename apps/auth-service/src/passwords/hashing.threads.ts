import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Argon2Binding } from './argon2-binding.js';
import type { Argon2Parameters } from './argon2-parameters.js';

const SCRIPT = fileURLToPath(new URL('../../threads/hashing.thread.mjs', import.meta.url));

interface Question {
  password: string;
  /** To check it against; without one it is hashed. */
  phc?: string;
}

type Answer = { value: string | boolean } | { error: Error };

/** A thread, and who waits for its answer. */
class HashingThread {
  private readonly worker: Worker;
  private asking?: { resolve: (value: string | boolean) => void; reject: (error: Error) => void };

  constructor(
    workerData: { binding: string; cost: Argon2Parameters },
    private readonly onEnd: () => void,
  ) {
    this.worker = new Worker(SCRIPT, { workerData, execArgv: [] });
    this.worker.unref();
    this.worker.on('message', (answer: Answer) => {
      if ('error' in answer) this.asking?.reject(answer.error);
      else this.asking?.resolve(answer.value);
    });
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(new Error('The thread that hashed has ended')));
  }

  /** One question at a time. */
  async ask(question: Question): Promise<string | boolean> {
    this.worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        this.asking = { resolve, reject };
        this.worker.postMessage(question);
      });
    } finally {
      this.worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private end(error: Error): void {
    this.onEnd();
    this.asking?.reject(error);
  }
}

/**
 * Hashes in threads of its own, a thread for each hash at work: they take whole cores, and give way to the event loop
 * where the system lets threads have priorities. (On the threads of libuv they would have kept names, files and keys waiting.)
 */
export class HashingThreads {
  private readonly threads = new Set<HashingThread>();
  private readonly idle: HashingThread[] = [];

  constructor(
    private readonly binding: Argon2Binding['name'],
    private readonly cost: Argon2Parameters,
  ) {}

  async hash(password: string): Promise<string> {
    return (await this.ask({ password })) as string;
  }

  async verify(phc: string, password: string): Promise<boolean> {
    return (await this.ask({ password, phc })) as boolean;
  }

  async close(): Promise<void> {
    await Promise.all([...this.threads].map((thread) => thread.close()));
  }

  private async ask(question: Question): Promise<string | boolean> {
    const thread = this.takeIdle() ?? this.start();
    try {
      return await thread.ask(question);
    } finally {
      if (this.threads.has(thread)) this.idle.push(thread);
    }
  }

  private takeIdle(): HashingThread | undefined {
    let thread = this.idle.pop();
    while (thread !== undefined && !this.threads.has(thread)) thread = this.idle.pop();
    return thread;
  }

  private start(): HashingThread {
    const { binding, cost } = this;
    const thread = new HashingThread({ binding, cost }, () => this.threads.delete(thread));
    this.threads.add(thread);
    return thread;
  }
}
