import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An error as a provider sends it. */
export const saying =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** Events of a stream, and what becomes of it then. */
export const streaming =
  (events: string[], then: 'end' | 'cut' | 'hang'): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events) response.write(`${event}\n\n`);
    if (then === 'end') response.end();
    // What was written is on its way before the connection is gone.
    if (then === 'cut') setTimeout(() => response.destroy(), 50);
  };

/** Takes the request and never answers. */
export const hanging: Answer = () => {};
export const resetting: Answer = (response) => response.socket?.resetAndDestroy();

/** An upstream on a port of this machine that fails as it is told. */
export class FailingUpstream {
  answer: Answer = saying(200, {});
  calls = 0;
  /** Also of one that is closed. */
  url = '';
  private readonly server: Server = createServer((request, response) => {
    this.calls++;
    request.resume();
    this.answer(response, request);
  });

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  /** Afterwards connections are refused. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
