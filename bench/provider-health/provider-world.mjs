import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HOST } from '../../tools/launcher/ports.mjs';
import { AuthWorld } from '../auth/auth-world.mjs';

const script = (name) => fileURLToPath(new URL(`${name}.process.mjs`, import.meta.url));
const PERMISSIONS = ['providers:read', 'providers:write', 'providers:report'];

/** provider-health-service, with an auth-service whose tokens it takes, on a database and in a namespace of its own. */
export class ProviderWorld {
  #auth;
  url;
  /** A service that may read, make and report on providers. */
  token;

  static use({ engines, signal }, work) {
    const secret = randomBytes(32).toString('base64url');
    const env = { SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: secret };
    return AuthWorld.use({ engines, signal, accounts: 0, env }, async (auth) => {
      const world = new ProviderWorld();
      world.#auth = auth;
      await world.#start(secret);
      return work(world);
    });
  }

  async #start(secret) {
    const auth = this.#auth;
    this.token = await auth.service.ask('issueServiceToken', { permissions: PERMISSIONS });
    this.url = await auth.freeUrl();
    const env = {
      HOST,
      PORT: new URL(this.url).port,
      ISSUER: 'https://platform.example.com',
      AUTH_URL: auth.url,
      PROVIDER_HEALTH_DATABASE_URL: await auth.databases.create('provider_health'),
      REDIS_URL: auth.redisServer.url,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: secret,
      LOG_LEVEL: 'fatal',
    };
    this.service = await this.start('provider-health-service', { env, namespace: auth.namespace });
    this.load = await auth.start('load', { url: this.url });
    await this.#whenReady();
  }

  async #whenReady() {
    while ((await fetch(`${this.url}/health/ready`)).status !== 200) await sleep(50);
  }

  /** A process of this group. */
  start(name, options) {
    return this.#auth.startScript(script(name), options);
  }

  /** What a process needs to talk to the service over the transport. */
  get transport() {
    return { url: this.#auth.redisServer.url, namespace: this.#auth.namespace, token: this.token };
  }

  get headers() {
    return { authorization: `Bearer ${this.token}` };
  }

  /** Makes providers of these names. */
  async addProviders(names) {
    const calls = names.map((name) => ({
      ...{ method: 'POST', path: '/v1/providers', headers: this.headers },
      body: { name, kind: 'bench', baseUrl: 'https://provider.example.com' },
    }));
    await this.load.ask('callEach', { calls, status: 201 });
  }
}
