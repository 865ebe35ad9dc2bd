import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** `in` is from the client to the server. */
export type Direction = 'in' | 'out';

interface Trap {
  readonly direction: Direction;
  readonly text: string;
  readonly letsPass: boolean;
  /** Nothing comes by on the connection any more, and it stays. */
  readonly holds: boolean;
  /** What must have come by on the same connection before. */
  readonly after?: string;
  readonly spring: () => void;
}

/** What is known of a connection. */
interface Passage {
  isHeld: boolean;
  /** The traps whose `after` has come by. */
  readonly armed: Set<Trap>;
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
      const passage = { isHeld: false, armed: new Set<Trap>() };
      this.join(inside, outside, 'in', passage);
      this.join(outside, inside, 'out', passage);
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
    return new Promise((spring) => this.traps.push({ direction, text, letsPass, holds: false, spring }));
  }

  /**
   * Holds the connection on which the text comes by next: before it has passed, or as soon as it has, and its answer with
   * it. Whoever is at the other end waits, and can be killed. Resolves when that has happened.
   *
   * @param after what must have come by on the same connection, in the same direction, before
   */
  holdAt(
    direction: Direction,
    text: string,
    { letsPass = false, after }: { letsPass?: boolean; after?: string } = {},
  ): Promise<void> {
    return new Promise((spring) =>
      this.traps.push({ direction, text, letsPass, holds: true, after, spring }),
    );
  }

  /** The target's URL, through the door. Open it once before. */
  get url(): string {
    const url = new URL(this.target.href);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  private join(from: Socket, to: Socket, direction: Direction, passage: Passage): void {
    this.sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      this.sockets.delete(from);
      // One that was ended has bytes to deliver, and closes by itself.
      if (to.writableEnded) to.resume();
      else to.destroy();
    });
    from.pipe(this.watch(from, to, direction, passage)).pipe(to);
  }

  private watch(from: Socket, to: Socket, direction: Direction, passage: Passage): Transform {
    return new Transform({
      transform: (bytes: Buffer, _encoding, pass) => {
        if (passage.isHeld) return;
        const trap = this.sprung(bytes, direction, passage);
        if (trap === undefined) return pass(null, bytes);
        this.traps = this.traps.filter((each) => each !== trap);
        if (trap.holds) {
          passage.isHeld = true;
          if (trap.letsPass) to.write(bytes);
        } else {
          if (trap.letsPass) to.end(bytes);
          from.destroy();
        }
        trap.spring();
      },
    });
  }

  private sprung(bytes: Buffer, direction: Direction, { armed }: Passage): Trap | undefined {
    const inDirection = this.traps.filter((trap) => trap.direction === direction);
    for (const trap of inDirection)
      if (trap.after !== undefined && bytes.includes(trap.after)) armed.add(trap);
    return inDirection.find(
      (trap) => (trap.after === undefined || armed.has(trap)) && bytes.includes(trap.text),
    );
  }
}
