import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { Controller, Get, Module, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ACCESS_TOKEN_STRATEGY,
  AccessControlModule,
  AccessTokenStrategy,
  type AccessTokenVerifier,
  openAccessControl,
  Public,
  type VerificationKeys,
} from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { ProblemFilter } from '@gatehouse/problem-details';
import {
  aKey,
  aServiceToken,
  aToken,
  AUDIENCE,
  ISSUER,
  jwksOf,
} from '../../../../test/support/access-tokens.js';
import { refusedTokens } from './refused-tokens.js';

type Verify = (token: string) => Promise<unknown>;

async function theKeys() {
  const [es256, rs256, stranger] = await Promise.all([aKey('k1'), aKey('k2', 'RS256'), aKey('k1')]);
  const rsaPublicKey = createPublicKey({ key: rs256.jwk as JsonWebKey, format: 'jwk' });
  return { es256, rs256, stranger, rsaPublicKey };
}

type Keys = Awaited<ReturnType<typeof theKeys>>;

async function verifierOf(keys: Keys): Promise<[AccessTokenVerifier, VerificationKeys]> {
  const jwks = jwksOf(keys.es256, keys.rs256);
  const options = { issuer: ISSUER, audience: AUDIENCE, keys: async () => jwks };
  const { verifier, keys: verificationKeys } = await openAccessControl(options);
  return [verifier, verificationKeys];
}

async function byVerifier(keys: Keys): Promise<Verify> {
  const [verifier] = await verifierOf(keys);
  return (token) => verifier.verify(token);
}

async function byStrategy(keys: Keys): Promise<Verify> {
  new AccessTokenStrategy(...(await verifierOf(keys)));
  const guard = new (AuthGuard(ACCESS_TOKEN_STRATEGY))();
  return async (token) => {
    const request: { headers: object; user?: unknown } = { headers: { authorization: `Bearer ${token}` } };
    await guard.canActivate(new ExecutionContextHost([request, {}]));
    return request.user;
  };
}

describe.each([
  ['AccessTokenVerifier', byVerifier],
  ['AccessTokenStrategy', byStrategy],
])('%s', (_name, verifyWith) => {
  let keys: Keys;
  let verify: Verify;

  beforeAll(async () => {
    keys = await theKeys();
    verify = await verifyWith(keys);
  });

  it('accepts what auth-service issues', async () => {
    for (const token of [await aToken(keys.es256), await aToken(keys.rs256)]) {
      for (let use = 0; use < 2; use++) await expect(verify(token)).resolves.toMatchObject({ id: 'u1' });
    }
    await expect(verify(await aServiceToken(keys.es256, 's', []))).resolves.toMatchObject({ id: 's' });
  });

  it('refuses everything on the list', async () => {
    const list = await refusedTokens(keys);
    const verdicts = await Promise.all(
      list.map(async ([name, token]) => [
        name,
        await verify(token).then(
          () => 'accepted',
          (error: { status?: number }) => error.status,
        ),
      ]),
    );
    expect(list.length).toBeGreaterThan(70);
    expect(verdicts).toEqual(list.map(([name]) => [name, 401]));
  });

  it('refuses what a good token in its memory could be taken for', async () => {
    const list = await refusedTokens(keys, verify);
    for (const [name, token] of list) {
      const verdict = await verify(token).catch(() => 'refused');
      expect([name, verdict]).toEqual([name, 'refused']);
    }
  });
});

describe('AccessTokenStrategy in a service', () => {
  it('sets request.user, and answers as the guards of access control do', async () => {
    const keys = await theKeys();
    let away = false;
    const set = jwksOf(keys.es256);

    @Controller('things')
    class ThingsController {
      @Get()
      @UseGuards(AuthGuard(ACCESS_TOKEN_STRATEGY))
      @Public()
      get(@Req() request: { user: Principal }) {
        return request.user;
      }
    }
    @Module({
      imports: [
        AccessControlModule.forRoot({
          ...{ issuer: ISSUER, audience: AUDIENCE },
          keys: async () => {
            if (away) throw new Error('away');
            return set;
          },
        }),
      ],
      controllers: [ThingsController],
      providers: [AccessTokenStrategy],
    })
    class AppModule {}
    const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
      logger: false,
    });
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    const ask = async (authorization?: string) => {
      const answer = await app.inject({ url: '/things', headers: authorization ? { authorization } : {} });
      return { status: answer.statusCode, body: answer.json<{ type?: string; id?: string }>() };
    };
    const token = await aToken(keys.es256);
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 200, body: { id: 'u1', sessionId: 's1' } });
    expect(await ask()).toMatchObject({ status: 401 });
    expect(await ask(`Bearer ${token} more`)).toMatchObject({ status: 401 });
    expect(await ask(`Bearer ${await aToken(keys.stranger)}`)).toMatchObject({
      ...{ status: 401, body: { type: 'unauthenticated' } },
    });
    away = true;
    expect(await ask(`Bearer ${token}`)).toMatchObject({
      ...{ status: 503, body: { type: 'dependency-unavailable' } },
    });
    await app.close();
  });
});
