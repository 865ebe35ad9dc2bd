import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP forwarder that tests open and close: a server that is away, cuts its connections, and comes back. */
export class Door {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  port = 0;

  /** @param target where it leads, e.g. the URL of a database */
  constructor(private readonly target: URL) {}

  /** Lets through; on the same port each time. */
  async open(): Promise<void> {
    this.server = createServer((inside) => {
      const outside = connect(Number(this.target.port), this.target.hostname);
      for (const socket of [inside, outside]) {
        this.sockets.add(socket);
        socket.on('error', () => {}).on('close', () => [inside, outside].forEach((each) => each.destroy()));
      }
      inside.pipe(outside).pipe(inside);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
  }

  /** Refuses, and cuts whoever is inside. */
  async close(): Promise<void> {
    const closed = once(this.server as Server, 'close');
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** The target's URL, through the door. Open it once before. */
  get url(): string {
    const url = new URL(this.target.href);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }
}
