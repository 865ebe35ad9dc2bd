import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccessExplorer } from '@gatehouse/access-control';
import { RedisTransportClients, RedisTransportServer } from '@gatehouse/redis-transport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';

export interface Route {
  readonly method: string;
  /** With an id for each parameter, and a path for what may be any. */
  readonly path: string;
  /** As it was declared. */
  readonly name: string;
}

const AN_ID = '01990000-0000-7000-8000-000000000000';
const LEVEL = 4;

/** Every route of the router itself, whoever declared it, with each of its methods. */
export function routesOf(app: NestFastifyApplication): Route[] {
  const lines = app.getHttpAdapter().getInstance().printRoutes().split('\n');
  const above: string[] = [];
  return lines.flatMap((line) => {
    const found = /^([│├└─\s]*)(\S.*?)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (found === null) return [];
    const [, indent = '', part = '', methods = ''] = found;
    const depth = indent.length / LEVEL;
    above.length = Math.max(depth - 1, 0);
    above.push(part);
    const path = above.join('');
    return methods
      .split(', ')
      .filter((method) => method !== '')
      .map((method) => ({
        method,
        path: path.replaceAll(/:[a-zA-Z]+/g, AN_ID).replace('/*', '/0/000'),
        name: `${method} ${path}`,
      }));
  });
}

export interface Refusal {
  readonly status: number;
  readonly type?: string;
  readonly challenge?: string;
}

/** Asks for exactly this path: a client that tidies it up would hide what the router does with it. */
export function knock(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const isProblem = response.headers['content-type']?.startsWith('application/problem+json');
        const type =
          isProblem === true && text !== '' ? (JSON.parse(text) as { type: string }).type : undefined;
        const challenge = response.headers['www-authenticate'];
        resolve({ status: response.statusCode ?? 0, type, challenge });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The same place written differently: nothing of it may lead past the guards. */
export function variantsOf(path: string): string[] {
  const letter = path.lastIndexOf('/') + 1;
  const encoded = `%${path.charCodeAt(letter).toString(16)}`;
  return [
    ...[
      `${path}/`,
      `/${path}`,
      path.replace('/v1/', '/v1//'),
      path.replace('/v1/', '/V1/'),
      path.toUpperCase(),
    ],
    `${path.slice(0, letter)}${encoded}${path.slice(letter + 1)}`,
    ...[path.replace('/v1/', '/v1%2f'), path.replace('/v1/', '/v1/./'), path.replace('/v1/', '/v1/x/../')],
    ...[
      path.replace('/v1/', '/v1/x/%2e%2e/'),
      `${path};x=1`,
      `${path}%00`,
      `${path}%20`,
      `${path}?token=x`,
      `${path}#x`,
    ],
  ];
}

/** What a service answers to those who show nothing. */
export class Outsider {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly port: number,
  ) {}

  /** The service listens and consumes from then on. */
  static async of(app: NestFastifyApplication): Promise<Outsider> {
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    return new Outsider(app, (app.getHttpServer().address() as AddressInfo).port);
  }

  get routes(): Route[] {
    return routesOf(this.app);
  }

  knock(method: string, path: string, headers?: Record<string, string>): Promise<Refusal> {
    return knock(this.port, method, path, headers);
  }

  /** The routes that do not refuse whoever shows nothing, by their names. */
  async openRoutes(): Promise<string[]> {
    const open: string[] = [];
    for (const { method, path, name } of this.routes) {
      const { status, type, challenge } = await this.knock(method, path);
      const refuses =
        status === 401 && challenge === 'Bearer' && (type === 'unauthenticated' || method === 'HEAD');
      if (!refuses) open.push(name);
    }
    return open.sort();
  }

  /** Every answer but a refusal to junk, or to another spelling, of the routes that are not open. */
  async gaps(open: readonly string[]): Promise<string[]> {
    const gaps: string[] = [];
    const closed = this.routes.filter(({ name }) => !open.includes(name));
    for (const { method, path, name } of closed) {
      const note = (how: string, { status }: Refusal, allowed: readonly number[]) => {
        if (!allowed.includes(status)) gaps.push(`${name} ${how}: ${status}`);
      };
      for (const authorization of ['Bearer x', 'Bearer ', 'Basic eDp4', 'bearer null'])
        note(authorization, await this.knock(method, path, { authorization }), [401]);
      note('API key', await this.knock(method, path, { 'x-api-key': 'gh_x' }), [401]);
      const both = { authorization: 'Bearer x', 'x-api-key': 'gh_x' };
      note('two credentials', await this.knock(method, path, both), [400]);
      for (const variant of variantsOf(path))
        note(variant, await this.knock(method, variant), [400, 401, 404]);
    }
    const paths = new Set(closed.map(({ path }) => path));
    for (const path of paths) {
      const declared = this.routes.filter((route) => route.path === path).map(({ method }) => method);
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])
        if (!declared.includes(method)) {
          const { status } = await this.knock(method, path);
          if (![400, 401, 404, 405].includes(status)) gaps.push(`${method} ${path}: ${status}`);
        }
    }
    return gaps;
  }

  /** How many handlers of routes and messages access control knows of. */
  count(kind: 'http' | 'message'): number {
    return this.app
      .get(AccessExplorer)
      .handlers()
      .filter((handler) => handler.kind === kind).length;
  }

  /** How many the transport has. */
  get patterns(): number {
    return this.app.get(RedisTransportServer).getHandlers().size;
  }

  /** Every pattern of a request that the transport has, with what it answers to who shows no token. */
  async answersToMessages(service: string): Promise<Record<string, string>> {
    const clients = this.app.get(RedisTransportClients);
    const answers: Record<string, string> = {};
    for (const [pattern, handler] of this.app.get(RedisTransportServer).getHandlers()) {
      if (handler.isEventHandler === true) continue;
      const answer = clients.of(service).send(pattern, {}, { token: null });
      answers[pattern] = await firstValueFrom(answer).then(
        () => 'answered',
        (error: Error & { type?: string }) => error.type ?? error.message,
      );
    }
    return answers;
  }
}
