import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import { ProblemFilter } from '@gatehouse/problem-details';
import { currentTraceparent } from '@gatehouse/redis-transport';
import { z } from 'zod';
import { createHttpAdapter } from '../../src/http.adapter.js';
import { createPino } from '../../src/service.logger.js';
import { createValidationPipe } from '../../src/validation.pipe.js';

const Thing = z.strictObject({ name: z.string().min(1), size: z.number().int().optional() });
const Filter = z.strictObject({ limit: z.coerce.number().max(200).optional() });

@Controller('things')
class ThingsController {
  seen: unknown[] = [];

  @Post()
  create(@Body({ schema: Thing }) thing: z.infer<typeof Thing>) {
    this.seen.push(thing);
    return thing;
  }

  @Post('large')
  @RouteConfig({ bodyLimit: 2 * 1024 * 1024 })
  createLarge(@Body() body: { name: string }) {
    return { length: body.name.length };
  }

  @Get()
  list(@Query({ schema: Filter }) filter: z.infer<typeof Filter>) {
    return filter;
  }

  @Get('trace')
  async trace() {
    await new Promise(setImmediate);
    return { traceparent: currentTraceparent() ?? null };
  }

  @Get('broken')
  broken() {
    throw new Error('SELECT password FROM account');
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('the HTTP side of a service', () => {
  const lines: string[] = [];
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const logger = createPino('things', 'info', { write: (line: string) => void lines.push(line) });
    app = await NestFactory.create<NestFastifyApplication>(
      ThingsModule,
      createHttpAdapter({ trustedProxies: [], logger }),
      { logger: false },
    );
    app.useGlobalPipes(createValidationPipe());
    app.useGlobalFilters(new ProblemFilter());
    await app.listen(0, '127.0.0.1');
  });

  afterAll(() => app.close());

  const post = (payload: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    app.inject({ method: 'POST', url: '/things', payload, headers });

  it('lets a handler go on with the trace of its request', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${await app.getUrl()}/things/trace`, { headers })).json();
    const answers = await Promise.all([ask({ traceparent }), ask({ traceparent: 'no trace' }), ask({})]);
    expect(answers).toEqual([{ traceparent }, { traceparent: null }, { traceparent: null }]);
  });

  it('takes a larger body only where the route says so', async () => {
    const send = (length: number) =>
      app.inject({ method: 'POST', url: '/things/large', payload: { name: 'x'.repeat(length) } });
    const answer = await send(1.5 * 1024 * 1024);
    expect(answer.json()).toEqual({ length: 1.5 * 1024 * 1024 });
    expect((await send(2 * 1024 * 1024)).statusCode).toBe(413);
  });

  it.each([
    ['malformed JSON', '{"name":', 400, 'bad-request'],
    ['an empty body', '', 400, 'bad-request'],
    ['a body that is not an object', '[1,2]', 400, 'validation-failed'],
    ['null', 'null', 400, 'validation-failed'],
    ['a poisoned prototype', '{"name":"a","__proto__":{"x":1}}', 400, 'bad-request'],
    ['an unknown field', '{"name":"a","admin":true}', 400, 'validation-failed'],
    ['a wrong type', '{"name":7}', 400, 'validation-failed'],
    ['a body beyond the limit', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 413, 'payload-too-large'],
  ])('answers %s with a problem and changes nothing', async (_case, payload, status, type) => {
    const seen = app.get(ThingsController).seen;
    const before = seen.length;
    const answer = await post(payload);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({
      type,
      status,
      instance: '/things',
      requestId: answer.headers['x-request-id'],
    });
    expect(answer.statusCode).toBe(status);
    expect(seen).toHaveLength(before);
  });

  it('names the fields that did not fit', async () => {
    const answer = await post('{"name":"","size":1.5}');
    expect(answer.json<{ errors: { path: string }[] }>().errors.map((error) => error.path)).toEqual([
      'name',
      'size',
    ]);
  });

  it('refuses a content type that it cannot read', async () => {
    const answer = await post('<name/>', { 'content-type': 'application/xml' });
    expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([
      415,
      'unsupported-media-type',
    ]);
  });

  it.each([
    ['/nowhere', 404, 'not-found'],
    ['/things?limit=many', 400, 'validation-failed'],
    ['/things?other=1', 400, 'validation-failed'],
    ['/%zz', 400, 'bad-request'],
  ])('answers GET %s with a problem', async (url, status, type) => {
    const answer = await app.inject({ url });
    expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([status, type]);
  });

  it('says nothing of what broke inside, and never the query in an answer', async () => {
    const answer = await app.inject({ url: '/things/broken?token=s3cret' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      type: 'internal-error',
      title: 'Something went wrong',
      status: 500,
      instance: '/things/broken',
      requestId: answer.headers['x-request-id'],
    });
    expect(lines.join('')).not.toContain('s3cret');
  });

  it("does not believe a stranger's forwarding headers", async () => {
    await app.inject({
      url: '/things',
      headers: { 'x-forwarded-for': '6.6.6.6', 'x-request-id': 'given-1' },
    });
    const line = lines.find((candidate) => candidate.includes('given-1'));
    expect(line).toContain('"route":"/things"');
    expect(line).not.toContain('6.6.6.6');
  });

  it('answers a body that is far too large while the client is still sending, and serves the connection on', async () => {
    const address = new URL(await app.getUrl());
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (path: string, bytes: number) =>
      new Promise<[status: number | undefined, reused: boolean]>((resolve, reject) => {
        const options = {
          port: address.port,
          path,
          method: 'POST',
          agent,
          headers: { 'content-type': 'application/json' },
        };
        const outgoing = request(options, (response) => {
          response.resume();
          response.on('end', () => resolve([response.statusCode, outgoing.reusedSocket]));
        });
        outgoing.on('error', reject);
        outgoing.end(JSON.stringify({ name: 'x'.repeat(bytes) }));
      });
    expect(await send('/things', 8 * 1024 * 1024)).toEqual([413, false]);
    // The client goes on sending for a moment, and then has its connection back, or has lost it.
    while (Object.keys(agent.sockets).length > 0) await new Promise(setImmediate);
    expect(await send('/things', 10)).toEqual([201, true]);
    agent.destroy();
  });

  it('answers what is not HTTP with a problem and hangs up', async () => {
    const address = new URL(await app.getUrl());
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(address.port), '127.0.0.1', () => socket.write('HELLO\r\n\r\n'));
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
  });
});
