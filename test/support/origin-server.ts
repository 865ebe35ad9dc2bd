import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small HTTP server of a test. */
export interface OriginServer {
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What the echoing server has received. */
export interface Echo {
  readonly server: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function serve(handler: RequestListener, port = 0): Promise<OriginServer> {
  return listening(createServer(handler), port);
}

/** Answers what it got, as JSON. */
export function echo(name: string, port = 0): Promise<OriginServer> {
  return serve((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      const { method, url, headers } = request;
      response.end(JSON.stringify({ server: name, method, url, headers, body }));
    });
  }, port);
}

export async function listening(server: Server, port = 0): Promise<OriginServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
