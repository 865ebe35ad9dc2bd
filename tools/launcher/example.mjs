// What a platform's admin does once for a new service, done for the example: a service account, and the providers that
// it calls.
import { join } from 'node:path';
import { Refusal } from '../refusal.mjs';
import { root } from '../root.mjs';
import { HOST } from './ports.mjs';
import {
  ADMIN_EMAIL,
  ADMIN_PASSWORD,
  EXAMPLE,
  EXAMPLE_CLIENT_ID,
  EXAMPLE_CLIENT_SECRET,
} from './services.mjs';

const PERMISSIONS = ['audit:write', 'providers:read', 'providers:report'];
const PROVIDERS = ['writer', 'spare-writer'];

/** The process that plays the providers, as a program for the supervisor. */
export function upstreamProgram(port) {
  const url = `http://${HOST}:${port}`;
  return {
    name: 'upstream',
    command: process.execPath,
    args: [join(root, 'examples', EXAMPLE.name, 'upstream/upstream.mjs')],
    options: { cwd: root, env: { PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    stopSignal: 'SIGTERM',
    port,
    url,
    isReady: () =>
      fetch(url, { signal: AbortSignal.timeout(2000) }).then(
        () => true,
        () => false,
      ),
  };
}

/**
 * Makes what is not there yet. Answers the `env` of the service, and what `state.json` says of it:
 * `{ upstream, providers }`. The port is in the names of the providers: another one is another provider.
 */
export async function introduceExample({ gateway, secrets, upstream }) {
  const admin = new Admin(gateway, secrets);
  let token = await ownToken(gateway, secrets);
  if (!token) {
    const { clientId, clientSecret } = await admin.makeAccount();
    secrets.write(EXAMPLE_CLIENT_ID, clientId);
    secrets.write(EXAMPLE_CLIENT_SECRET, clientSecret);
    token = await ownToken(gateway, secrets);
  }
  const providers = PROVIDERS.map((name) => `${name}-${upstream.port}`);
  for (const [index, name] of providers.entries()) {
    if (await isThere(`${gateway}/v1/providers/${name}`, token)) continue;
    const baseUrl = `${upstream.url}/${PROVIDERS[index]}`;
    await admin.call('POST', '/v1/providers', { name, kind: 'example', baseUrl }, [201]);
  }
  return { env: { PROJECTS_PROVIDERS: providers.join() }, described: { upstream: upstream.url, providers } };
}

/** A token by the credentials that are kept; before the first start they are nobody's, and there is none. */
async function ownToken(gateway, secrets) {
  const credentials = `${secrets.read(EXAMPLE_CLIENT_ID)}:${secrets.read(EXAMPLE_CLIENT_SECRET)}`;
  const answer = await fetch(`${gateway}/v1/auth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return answer.ok ? (await answer.json()).access_token : undefined;
}

async function isThere(url, token) {
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).ok;
}

class Admin {
  #token;

  constructor(gateway, secrets) {
    this.gateway = gateway;
    this.secrets = secrets;
  }

  /** A new account; where there is one whose secret was lost, that one with another secret. */
  async makeAccount() {
    const path = '/v1/auth/service-accounts';
    const body = { name: EXAMPLE.name, permissions: PERMISSIONS };
    const made = await this.call('POST', path, body, [201, 409]);
    if (made.clientSecret) return made;
    const { items } = await this.call('GET', `${path}?limit=200`, undefined, [200]);
    const { id } = items.find(({ name }) => name === EXAMPLE.name) ?? {};
    return this.call('POST', `${path}/${id}/secret`, undefined, [201]);
  }

  async call(method, path, body, expected) {
    this.#token ??= await this.#login();
    const answer = await this.#send(method, path, body, { authorization: `Bearer ${this.#token}` });
    const text = await answer.text();
    if (expected.includes(answer.status)) return JSON.parse(text);
    throw new Refusal(`The example could not be introduced: ${method} ${path} was answered ${text}`);
  }

  async #login() {
    const body = { email: ADMIN_EMAIL, password: this.secrets.read(ADMIN_PASSWORD) };
    const answer = await this.#send('POST', '/v1/auth/login', body);
    if (answer.ok) return (await answer.json()).accessToken;
    throw new Refusal(
      `The example needs a service account, which ${ADMIN_EMAIL} makes; but its password is not the one in ` +
        `${this.secrets.file(ADMIN_PASSWORD)}. Put the right one there.`,
    );
  }

  #send(method, path, body, headers = {}) {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return fetch(this.gateway + path, {
      method,
      headers: { ...headers, ...type },
      body: JSON.stringify(body),
    });
  }
}
