import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { SingleRedisSettings } from '@gatehouse/redis';

/** Stands between a process and the real Redis, so that the way between them can break. */
export class RedisProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private port = 0;

  constructor(private readonly target: SingleRedisSettings) {
    this.server = createServer((client) => this.join(client));
  }

  /** How a process is to connect. */
  get settings(): SingleRedisSettings {
    return { ...this.target, host: '127.0.0.1', port: this.port, tls: false };
  }

  /** Takes connections, on the same port each time. */
  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Refuses connections and cuts those that are open: Redis is away. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  /** Cuts what is open; new connections are taken. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private join(client: Socket): void {
    const redis = connect(this.target.port, this.target.host);
    for (const [from, to] of [
      [client, redis],
      [redis, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
