import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../support/eventually.js';
import { type Answer, type CallOptions, jsonCall } from '../support/json-call.js';
import { freePortBlock } from '../support/test-ports.js';

export const PASSWORD = 'a long enough phrase';
export const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const ISSUER = 'https://platform.test';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

/** The URLs of the engines, or of doors to them. */
export interface Engines {
  readonly database: string;
  readonly redis: string;
}

export interface ReplicaOptions {
  /** More variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A module that is loaded before it. */
  readonly preload?: string;
}

/** auth-service in a process of its own, as it is built. */
export class AuthReplica {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(engines: Engines, { env, preload }: ReplicaOptions = {}): Promise<AuthReplica> {
    const port = await freePortBlock(1);
    const loaded = preload === undefined ? [] : ['--import', preload];
    const child = spawn(process.execPath, [...loaded, 'apps/auth-service/dist/main.js'], {
      cwd: process.cwd(),
      env: {
        ...{ PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), ISSUER, LOG_LEVEL: 'fatal' },
        ...{ AUTH_DATABASE_URL: engines.database, REDIS_URL: engines.redis, ENCRYPTION_KEY: SECRET },
        // All tests come from one address.
        ...{ REGISTER_LIMIT_PER_ADDRESS: '100000/60', LOGIN_LIMIT_PER_ADDRESS: '100000/60' },
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const replica = new AuthReplica(child, `http://127.0.0.1:${port}`);
    await replica.whenReady();
    return replica;
  }

  async whenReady(): Promise<void> {
    await eventually('it is ready', async () => (await this.call('GET', '/health/ready')).status === 200);
  }

  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<Body>> {
    return jsonCall<Body>(method, `${this.url}${path}`, options);
  }

  register(email: string): Promise<Answer<{ id: string }>> {
    return this.call('POST', '/v1/auth/register', { body: { email, password: PASSWORD } });
  }

  login(email: string, more: object = {}): Promise<Answer<Tokens & { deviceToken: string }>> {
    return this.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD, ...more } });
  }

  refresh(refreshToken: string, userAgent = 'browser'): Promise<Answer<Tokens & { type?: string }>> {
    const headers = { 'user-agent': userAgent };
    return this.call('POST', '/v1/auth/refresh', { body: { refreshToken }, headers });
  }

  me(token: string): Promise<Answer<Record<string, unknown>>> {
    return this.call('GET', '/v1/auth/me', { token });
  }

  logout(token: string): Promise<Answer<Record<string, unknown>>> {
    return this.call('POST', '/v1/auth/logout', { token });
  }

  /** Registers and signs in. */
  async signIn(email: string): Promise<Tokens> {
    await this.register(email);
    return (await this.login(email)).body;
  }

  /** Tells what was preloaded. */
  tell(message: object): void {
    this.child.send(message);
  }

  /** Ends it with -9. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
