import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HOST } from '../../tools/launcher/ports.mjs';
import { AuthWorld } from '../auth/auth-world.mjs';

const script = (name) => fileURLToPath(new URL(`${name}.process.mjs`, import.meta.url));
const PERMISSIONS = ['audit:read', 'audit:write'];

/** audit-service, with an auth-service whose tokens it takes, on databases and in a namespace of its own. */
export class AuditWorld {
  #auth;
  url;
  /** Of the log. */
  database;
  /** A service that may append and read. */
  token;

  static use({ engines, signal }, work) {
    return AuthWorld.use({ engines, signal, accounts: 0, env: {} }, async (auth) => {
      const world = new AuditWorld();
      world.#auth = auth;
      await world.#start();
      return work(world);
    });
  }

  async #start() {
    const auth = this.#auth;
    this.token = await auth.service.ask('issueServiceToken', { permissions: PERMISSIONS });
    this.url = await auth.freeUrl();
    this.database = await auth.databases.create('audit');
    const env = {
      HOST,
      PORT: new URL(this.url).port,
      ISSUER: 'https://platform.example.com',
      AUTH_URL: auth.url,
      AUDIT_DATABASE_URL: this.database,
      AUDIT_KEYS_DATABASE_URL: await auth.databases.create('audit_keys'),
      REDIS_URL: auth.redisServer.url,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      AUDIT_LOG_SIGNING_KEY: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'fatal',
    };
    this.service = await this.start('audit-service', { env, namespace: auth.namespace });
    while ((await fetch(`${this.url}/health/ready`)).status !== 200) await sleep(50);
  }

  /** A database for whoever is measured beside it. */
  createDatabase(label) {
    return this.#auth.databases.create(label);
  }

  /** A process of this group. */
  start(name, options) {
    return this.#auth.startScript(script(name), options);
  }

  /** What a process needs to talk to the service over the transport. */
  get transport() {
    return { url: this.#auth.redisServer.url, namespace: this.#auth.namespace, token: this.token };
  }

  engineCpuSeconds() {
    return this.#auth.engineCpuSeconds();
  }
}
