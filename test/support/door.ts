import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** `in` is from the client to the server. */
export type Direction = 'in' | 'out';

interface Trap {
  readonly direction: Direction;
  readonly text: string;
  readonly letsPass: boolean;
  readonly spring: () => void;
}

/** A TCP forwarder that tests open and close: a server that is away, cuts its connections, and comes back. */
export class Door {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  private traps: Trap[] = [];
  port = 0;

  /** @param target where it leads, e.g. the URL of a database */
  constructor(private readonly target: URL) {}

  /** Lets through; on the same port each time. */
  async open(): Promise<this> {
    this.server = createServer((inside) => {
      const outside = connect(Number(this.target.port), this.target.hostname);
      this.join(inside, outside, 'in');
      this.join(outside, inside, 'out');
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
    return this;
  }

  /** Refuses, and cuts whoever is inside; of no effect when it is closed. */
  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }

  /** Cuts whoever is inside; who comes again is let through. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /**
   * Cuts the connection on which the text comes by next: before it has passed, or as soon as it has, so that its
   * answer is lost. Resolves when that has happened.
   */
  cutAt(direction: Direction, text: string, { letsPass = false } = {}): Promise<void> {
    return new Promise((spring) => this.traps.push({ direction, text, letsPass, spring }));
  }

  /** The target's URL, through the door. Open it once before. */
  get url(): string {
    const url = new URL(this.target.href);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  private join(from: Socket, to: Socket, direction: Direction): void {
    this.sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      this.sockets.delete(from);
      // One that was ended has bytes to deliver, and closes by itself.
      if (to.writableEnded) to.resume();
      else to.destroy();
    });
    from.pipe(this.watch(from, to, direction)).pipe(to);
  }

  private watch(from: Socket, to: Socket, direction: Direction): Transform {
    return new Transform({
      transform: (bytes: Buffer, _encoding, pass) => {
        const trap = this.traps.find((each) => each.direction === direction && bytes.includes(each.text));
        if (trap === undefined) return pass(null, bytes);
        this.traps = this.traps.filter((each) => each !== trap);
        if (trap.letsPass) to.end(bytes);
        from.destroy();
        trap.spring();
      },
    });
  }
}
