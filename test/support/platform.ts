import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type AccessControlOptions, PERMISSION_MAP_TYPE, Public, withLowS } from '@gatehouse/access-control';
import type { AuthBroadcasts, PermissionMap, Revocation, RevocationsAnswer } from '@gatehouse/auth-contracts';
import { Broadcaster, RedisTransportModule, RedisTransportServer } from '@gatehouse/redis-transport';
import { SignJWT } from 'jose';
import { aKey, AUDIENCE, ISSUER, jwksOf } from './access-tokens.js';
import { freshNamespace, removeNamespace, testRedisSettings } from './redis.js';

type Key = Awaited<ReturnType<typeof aKey>>;

/** A permission map as auth-service signs it, changed where a test says so. */
export async function signedMap(
  key: Key,
  map: PermissionMap,
  changes: { typ?: string; issuer?: string; iat?: number } = {},
): Promise<string> {
  const iat = changes.iat ?? Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ iss: changes.issuer ?? ISSUER, iat, ...map })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: changes.typ ?? PERMISSION_MAP_TYPE })
    .sign(key.privateKey);
  return withLowS(token);
}

/**
 * What auth-service is to a verifier, on real Redis: its keys, its answers, its broadcasts. What it revokes and which
 * roles there are a test says.
 */
export class Platform {
  /** @param namespace that the services of the test share */
  constructor(readonly namespace = freshNamespace('platform')) {}

  readonly revoked: Revocation[] = [];
  map: PermissionMap = { version: 1, roles: {} };
  key!: Key;
  /** The keys that it publishes; `key` unless a test says others. */
  published?: Key[];
  private readonly jwks = createServer((_request, response) => {
    response.end(JSON.stringify(jwksOf(...(this.published ?? [this.key]))));
  });
  private broadcaster!: Broadcaster<AuthBroadcasts>;
  private stopService: () => Promise<void> = async () => undefined;

  async open(): Promise<this> {
    this.key = await aKey('k1');
    await once(this.jwks.listen(0, '127.0.0.1'), 'listening');
    await this.start();
    return this;
  }

  /** `AUTH_URL` of a service. */
  get url(): string {
    return `http://127.0.0.1:${(this.jwks.address() as AddressInfo).port}`;
  }

  /** How access control is to be configured. */
  options(redis = testRedisSettings()): AccessControlOptions {
    const jwksUrl = `${this.url}/.well-known/jwks.json`;
    return { issuer: ISSUER, audience: AUDIENCE, jwksUrl, redis, namespace: this.namespace };
  }

  async start(): Promise<void> {
    const answers = {
      page: (after: string | undefined) => this.page(after),
      map: () => signedMap(this.key, this.map),
    };
    @Controller()
    @Public()
    class AnswersController {
      @MessagePattern('auth.revocations')
      revocations({ after }: { after?: string }) {
        return answers.page(after);
      }

      @MessagePattern('auth.permission-map')
      async map() {
        return { document: await answers.map() };
      }
    }
    @Module({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({ service: 'auth', redis: testRedisSettings(), namespace: this.namespace }),
        }),
      ],
      controllers: [AnswersController],
    })
    class AuthModule {}
    const app = await NestFactory.create(AuthModule, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
    });
    app.connectMicroservice({ strategy: app.get(RedisTransportServer) });
    await app.startAllMicroservices();
    this.broadcaster = app.get<Broadcaster<AuthBroadcasts>>(Broadcaster);
    this.stopService = () => app.close();
  }

  async stop(): Promise<void> {
    await this.stopService();
  }

  async close(): Promise<void> {
    await this.stop();
    this.jwks.close();
    await removeNamespace(this.namespace);
  }

  async changeKeys(...keys: Key[]): Promise<void> {
    this.published = keys;
    await this.broadcaster.publish('auth.keys-changed', {});
  }

  /** Revokes as auth-service does: first in what a snapshot answers, then by a broadcast. */
  async revoke(revocation: Pick<Revocation, 'kind' | 'id'> & Partial<Revocation>): Promise<void> {
    await this.broadcaster.publish('auth.revoked', this.revokeQuietly(revocation));
  }

  /** The broadcast is lost. */
  revokeQuietly(revocation: Pick<Revocation, 'kind' | 'id'> & Partial<Revocation>): Revocation {
    const dated = {
      revokedAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 900_000).toISOString(),
      ...revocation,
    };
    this.revoked.push(dated);
    return dated;
  }

  async changeRoles(roles: PermissionMap['roles']): Promise<void> {
    this.map = { version: this.map.version + 1, roles };
    await this.announce(await signedMap(this.key, this.map));
  }

  async announce(document: string): Promise<void> {
    await this.broadcaster.publish('auth.roles-changed', { document });
  }

  /** Two on a page: what does not fit on one is asked for again. */
  private page(after: string | undefined): RevocationsAnswer {
    const from = Number(after ?? 0);
    const revocations = this.revoked.slice(from, from + 2);
    return { revocations, ...(revocations.length === 2 ? { next: String(from + 2) } : {}) };
  }
}
