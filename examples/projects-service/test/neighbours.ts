import { createServer, type IncomingMessage } from 'node:http';
import { listening, type OriginServer } from '../../../test/support/origin-server.js';

/** The services that projects-service calls over HTTP, behind one origin: what they were told, and what they answer. */
export class Neighbours {
  /** The providers that are healthy, the first one first. */
  healthy = ['writer', 'spare-writer'];
  /** Where each of them is. */
  upstream = 'http://127.0.0.1:1';
  /** With which status provider-health-service answers. */
  status = 200;
  /** The outcomes that it was told. */
  readonly reports: { path: string; body: Record<string, unknown> }[] = [];
  /** What it was shown. */
  readonly authorizations: (string | undefined)[] = [];
  /** How many tokens auth-service has given. */
  given = 0;
  private server?: OriginServer;

  /** @param authUrl where the key set is */
  async open(authUrl: string): Promise<void> {
    const server = createServer((request, response) => {
      void this.answer(request, authUrl).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    this.server = await listening(server);
  }

  get origin(): string {
    return this.server?.origin ?? '';
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  private async answer(
    request: IncomingMessage,
    authUrl: string,
  ): Promise<{ status: number; body: unknown }> {
    const path = request.url ?? '';
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
    if (path.startsWith('/.well-known/'))
      return { status: 200, body: await (await fetch(authUrl + path)).json() };
    if (path === '/v1/auth/token')
      return { status: 200, body: { access_token: `token-${++this.given}`, expires_in: 900 } };
    this.authorizations.push(request.headers.authorization);
    if (request.method === 'POST') {
      const body = JSON.parse(text) as Record<string, unknown>;
      this.reports.push({ path: path.slice('/v1/providers/'.length), body });
    }
    const [name = ''] = this.healthy;
    const isChoice = path.startsWith('/v1/providers/healthy?among=');
    return { status: this.status, body: isChoice ? { name } : { name, baseUrl: `${this.upstream}/${name}` } };
  }
}
