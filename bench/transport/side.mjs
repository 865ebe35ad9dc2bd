import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MeasuredProcess } from '../measured-process.mjs';

const CLIENT = fileURLToPath(new URL('client.process.mjs', import.meta.url));
const REPLICA = fileURLToPath(new URL('replica.process.mjs', import.meta.url));

/** A service on one of both transports, and its caller: its client and its replicas, each in a process of its own. */
export class Side {
  client;
  replicas = [];
  /** Where replicas write down what they handle, once they are told to. */
  records = [];
  #options;
  #count;
  #home;
  #signal;

  /**
   * @param transport name of the file that starts it: `gatehouse`, `stock`
   * @param replicas how many
   * @param handledBy how many of them handle each message
   */
  constructor({ transport, replicas, handledBy, options, home, redis, signal }) {
    this.name = `${transport}-${replicas}`;
    this.handledBy = handledBy;
    this.redis = redis;
    this.#count = replicas;
    this.#options = { ...options, transport, service: `notes-${replicas}` };
    this.#home = home;
    this.#signal = signal;
  }

  async open() {
    this.client = await this.#start(CLIENT, this.#options);
    while (this.replicas.length < this.#count) await this.#addReplica();
  }

  /** From now on replicas write down each message that they handle, in files of this name. */
  async record(name) {
    this.records = [];
    for (const replica of this.replicas) await replica.ask('recordTo', this.#newRecord(name));
  }

  /** Kills every replica with -9, and starts as many again after a while. */
  async killReplicas(name, pauseMs) {
    const dead = this.replicas;
    this.replicas = [];
    await Promise.all(dead.map((replica) => replica.end('SIGKILL')));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await Promise.all(dead.map(() => this.#addReplica({ record: this.#newRecord(name) })));
  }

  async forget() {
    for (const replica of this.replicas) await replica.ask('forget');
  }

  /** What the replicas have handled since `forget`: `{ count, lastAt }`. */
  async handled() {
    const each = await Promise.all(this.replicas.map((replica) => replica.ask('handled')));
    return {
      count: each.reduce((sum, { count }) => sum + count, 0),
      lastAt: Math.max(...each.map(({ lastAt }) => lastAt)),
    };
  }

  /** Seconds of CPU that each part has used so far: `{ client, replicas, redis }`. */
  async cpuSeconds() {
    const [client, redis, ...replicas] = await Promise.all([
      this.client.cpuSeconds(),
      redisCpuSeconds(this.redis),
      ...this.replicas.map((replica) => replica.cpuSeconds()),
    ]);
    return { client, replicas: replicas.reduce((sum, seconds) => sum + seconds, 0), redis };
  }

  async close() {
    await Promise.all([this.client, ...this.replicas].map((process) => process?.end('SIGKILL')));
  }

  async #addReplica(options = {}) {
    this.replicas.push(await this.#start(REPLICA, { ...this.#options, ...options }));
  }

  #start(script, options) {
    return MeasuredProcess.start(script, options, { signal: this.#signal });
  }

  #newRecord(name) {
    const path = join(this.#home, `${this.name}-${name}-${this.records.length}`);
    this.records.push(path);
    return path;
  }
}

async function redisCpuSeconds(redis) {
  const info = await redis.info('cpu');
  const used = [...info.matchAll(/^used_cpu_(?:sys|user)(?:_children)?:([\d.]+)/gm)];
  return used.reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}
