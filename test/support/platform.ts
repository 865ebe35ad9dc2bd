import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type AccessControlOptions,
  API_KEY_DOCUMENT_TYPE,
  apiKeyDigest,
  newApiKey,
  PERMISSION_MAP_TYPE,
  Public,
  REVOCATIONS_TYPE,
  withLowS,
} from '@gatehouse/access-control';
import type {
  ApiKeyFacts,
  AuthBroadcasts,
  PermissionMap,
  Revocation,
  RevocationPage,
  VerifyApiKey,
  VerifyApiKeyAnswer,
} from '@gatehouse/auth-contracts';
import { Broadcaster, RedisTransportModule, RedisTransportServer } from '@gatehouse/redis-transport';
import { SignJWT } from 'jose';
import { aKey, aServiceToken, AUDIENCE, ISSUER, jwksOf } from './access-tokens.js';
import { freshNamespace, removeNamespace, type TestRedisSettings, testRedisSettings } from './redis.js';

type Key = Awaited<ReturnType<typeof aKey>>;

/** A permission map as auth-service signs it, changed where a test says so. */
export async function signedMap(
  key: Key,
  map: PermissionMap,
  changes: { typ?: string; issuer?: string; iat?: number; nonce?: string } = {},
): Promise<string> {
  const { typ = PERMISSION_MAP_TYPE, issuer = ISSUER, iat = now(), nonce } = changes;
  return signed(key, typ, { iss: issuer, iat, nonce, ...map });
}

/** A page of revocations as auth-service signs it. */
export const signedPage = (
  key: Key,
  page: RevocationPage,
  { nonce, after }: { nonce: string; after?: string },
): Promise<string> => signed(key, REVOCATIONS_TYPE, { iss: ISSUER, iat: now(), nonce, after, ...page });

const now = (): number => Math.floor(Date.now() / 1000);

async function signed(key: Key, typ: string, claims: Record<string, unknown>): Promise<string> {
  const signing = new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, typ });
  return withLowS(await signing.sign(key.privateKey));
}

/** What auth-service says of an API key, signed as it does, changed where a test says so. */
export async function signedKey(
  key: Key,
  about: { digest: string; key: ApiKeyFacts },
  changes: { typ?: string; issuer?: string; iat?: number } = {},
): Promise<string> {
  const iat = changes.iat ?? Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ iss: changes.issuer ?? ISSUER, iat, ...about })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: changes.typ ?? API_KEY_DOCUMENT_TYPE })
    .sign(key.privateKey);
  return withLowS(token);
}

/**
 * What auth-service is to a verifier, on real Redis: its keys, its answers, its broadcasts. What it revokes and which
 * roles there are a test says.
 */
export class Platform {
  /** @param namespace that the services of the test share, on the Redis of the tests or another */
  constructor(
    readonly namespace = freshNamespace('platform'),
    private readonly given?: TestRedisSettings,
  ) {}

  readonly revoked: Revocation[] = [];
  /** The API keys that there are, by the digest of each. */
  readonly apiKeys = new Map<string, ApiKeyFacts>();
  /** Every question about an API key. */
  readonly asked: VerifyApiKey[] = [];
  /** Waited for before an answer about an API key leaves. */
  held: Promise<void> = Promise.resolve();
  /** Signs what is said of an API key; auth-service's own unless a test says otherwise. */
  sign = (about: { digest: string; key: ApiKeyFacts }) => signedKey(this.key, about);
  map: PermissionMap = { version: 1, roles: {} };
  key!: Key;
  /** The keys that it publishes; `key` unless a test says others. */
  published?: Key[];
  private readonly web = createServer((request, response) => {
    void this.answerWeb(request).then((body) => response.end(JSON.stringify(body)));
  });
  private broadcaster!: Broadcaster<AuthBroadcasts>;
  private stopService: () => Promise<void> = async () => undefined;

  async open(): Promise<this> {
    this.key = await aKey('k1');
    await once(this.web.listen(0, '127.0.0.1'), 'listening');
    await this.start();
    return this;
  }

  private get redis(): TestRedisSettings {
    return this.given ?? testRedisSettings();
  }

  /** `AUTH_URL` of a service. */
  get url(): string {
    return `http://127.0.0.1:${(this.web.address() as AddressInfo).port}`;
  }

  /** How access control is to be configured. */
  options(redis = this.redis): AccessControlOptions {
    const jwksUrl = `${this.url}/.well-known/jwks.json`;
    return { issuer: ISSUER, audience: AUDIENCE, jwksUrl, redis, namespace: this.namespace };
  }

  async start(): Promise<void> {
    const answers = {
      page: (asked: { after?: string; nonce: string }) => signedPage(this.key, this.page(asked.after), asked),
      map: (nonce: string) => signedMap(this.key, this.map, { nonce }),
      apiKey: (question: VerifyApiKey) => this.answer(question),
    };
    @Controller()
    @Public()
    class AnswersController {
      @MessagePattern('auth.revocations')
      async revocations(asked: { after?: string; nonce: string }) {
        return { document: await answers.page(asked) };
      }

      @MessagePattern('auth.verify-api-key')
      apiKey(question: VerifyApiKey) {
        return answers.apiKey(question);
      }

      @MessagePattern('auth.permission-map')
      async map({ nonce }: { nonce: string }) {
        return { document: await answers.map(nonce) };
      }
    }
    @Module({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({ service: 'auth', redis: this.redis, namespace: this.namespace }),
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
    this.web.close();
    // Whoever gave a Redis removes it.
    if (this.given === undefined) await removeNamespace(this.namespace);
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

  /** A new API key, of a user with the role user unless a test says otherwise. */
  anApiKey(more: Partial<ApiKeyFacts> = {}): { key: string; facts: ApiKeyFacts } {
    const id = randomUUID();
    const owner = { id: randomUUID(), role: 'user', epoch: 0 };
    const [key, facts] = [newApiKey(id), { id, owner, permissions: ['providers:read'], ...more }];
    this.apiKeys.set(apiKeyDigest(key), facts);
    return { key, facts };
  }

  /** Its keys; to a service that asks for one a token of its own, that may write events. */
  private async answerWeb({ url, headers }: IncomingMessage): Promise<object> {
    if (url !== '/v1/auth/token') return jwksOf(...(this.published ?? [this.key]));
    const credentials = Buffer.from(headers.authorization?.split(' ')[1] ?? '', 'base64').toString();
    const token = await aServiceToken(this.key, credentials.split(':')[0] ?? '', ['audit:write']);
    return { access_token: token, expires_in: 900 };
  }

  /** As it was when it was asked, however long the answer is on its way. */
  private async answer(question: VerifyApiKey): Promise<VerifyApiKeyAnswer> {
    this.asked.push(question);
    const facts = this.apiKeys.get(question.digest);
    const { digest } = question;
    const document = facts === undefined ? null : await this.sign({ digest, key: facts });
    await this.held;
    return { document };
  }

  /** Two on a page: what does not fit on one is asked for again. */
  private page(after: string | undefined): RevocationPage {
    const from = Number(after ?? 0);
    const revocations = this.revoked.slice(from, from + 2);
    return { revocations, ...(revocations.length === 2 ? { next: String(from + 2) } : {}) };
  }
}
