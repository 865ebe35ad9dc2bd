import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { type Answer, AuthApi, AuthWorld, claimsOf, PASSWORD } from './auth-world.js';

const FIRST = 'root@example.test';

/** auth-service with an admin, twice; and what tests of administration ask of it. */
export class AdminWorld extends AuthWorld {
  app!: NestFastifyApplication;
  api!: AuthApi;
  /** Another replica. */
  other!: AuthApi;
  /** Access token of the first admin. */
  admin!: string;

  async startWithAdmin(): Promise<void> {
    const first = { BOOTSTRAP_ADMIN_EMAIL: FIRST, BOOTSTRAP_ADMIN_PASSWORD: PASSWORD };
    this.app = await this.start(first);
    this.api = new AuthApi(this.app);
    this.other = new AuthApi(await this.start(first));
    await eventually('the admin signs in', async () => {
      this.admin = (await this.api.login(FIRST)).body['accessToken'] ?? '';
      return this.admin !== '';
    });
  }

  /** A call in the name of the first admin, or of somebody else. */
  as(
    method: Parameters<AuthApi['call']>[0],
    path: string,
    body?: unknown,
    token: string | undefined = this.admin,
  ): Promise<Answer> {
    return this.api.call(method, `/v1/auth/users${path}`, { body, token });
  }

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app.get(DataSource).query(sql, parameters);
  }

  /** A user with a role, signed in. */
  async aUser(role = 'user'): Promise<{ id: string; email: string; tokens: Record<string, string> }> {
    const email = this.anEmail();
    const { id = '' } = (await this.api.register(email)).body;
    if (role !== 'user') await this.as('PATCH', `/${id}`, { role });
    return { id, email, tokens: await this.signIn(email) };
  }

  async signIn(email: string, password = PASSWORD): Promise<Record<string, string>> {
    return (await this.api.login(email, { password }, { 'user-agent': 'browser' })).body;
  }

  async expectAlive({ accessToken }: Record<string, string>): Promise<void> {
    for (const replica of [this.api, this.other]) expect((await replica.me(accessToken)).status).toBe(200);
  }

  async expectRefused({ accessToken, refreshToken }: Record<string, string>): Promise<void> {
    expect(claimsOf(accessToken)).toHaveProperty('sub');
    for (const replica of [this.api, this.other]) {
      await eventually('it is refused', async () => (await replica.me(accessToken)).status === 401);
      expect((await replica.refresh(refreshToken)).status).toBe(401);
    }
  }

  /** The actions of the audit trail that are about a user, in their order. */
  async told(userId: string): Promise<Record<string, unknown>[]> {
    const events = await this.events(this.app, userId);
    return events.filter(({ target }) => (target as { id?: string } | undefined)?.id === userId);
  }
}
