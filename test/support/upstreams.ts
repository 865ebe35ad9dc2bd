import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { selfSigned } from './self-signed.js';

/** A provider of a test, with whatever manners. */
export interface Upstream {
  readonly port: number;
  /** Connections that it took. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Answers as it is told. */
export const answering = (listener: RequestListener): Promise<Upstream> => listening(createHttp(listener));

/** HTTPS by a certificate for `localhost`, which is `cert`. */
export async function answeringByTls(listener: RequestListener): Promise<Upstream & { cert: string }> {
  const { key, cert } = selfSigned('localhost');
  return { ...(await listening(createHttps({ key, cert }, listener))), cert };
}

/** Takes a connection and says nothing. */
export const hanging = (): Promise<Upstream> => listening(createTcp());

/** Says what it is told, whether that is HTTP or not, and keeps the connection. */
export const saying = (text: string): Promise<Upstream> =>
  listening(createTcp((socket) => void socket.write(text)));

/** Says `head` and then `drop` again and again: slow-loris with a pause, a flood without one. */
export const dripping = (head: string, drop: string, everyMs: number): Promise<Upstream> =>
  listening(
    createTcp((socket) => {
      socket.write(head);
      const pour = () => {
        if (socket.destroyed) return;
        if (everyMs > 0) void socket.write(drop, () => setTimeout(pour, everyMs));
        else socket.write(drop, () => setImmediate(pour));
      };
      pour();
    }),
  );

/** A port at which nobody listens. */
export async function closedPort(): Promise<number> {
  const upstream = await hanging();
  await upstream.close();
  return upstream.port;
}

async function listening(server: Server): Promise<Upstream> {
  const sockets = new Set<Socket>();
  let taken = 0;
  server.on('connection', (socket: Socket) => {
    taken++;
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
