import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { type Answer, AuthApi, AuthWorld } from './auth-world.js';

const WRONG = { password: 'not the right phrase' };

/** Two replicas behind a proxy that is trusted: `X-Forwarded-For` says where an attempt comes from. */
describe('login limits', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;
  let other: AuthApi;
  let addresses = 0;

  const anAddress = () => `198.51.100.${++addresses}`;
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const statuses = (answers: Answer[]) => answers.map(({ status }) => status);
  const replica = (index: number) => (index % 2 === 0 ? api : other);

  /** Attempts one after another, on both replicas in turn. */
  async function attempts(
    count: number,
    email: string,
    address: string | (() => string),
    more: object = WRONG,
  ) {
    const answers: Answer[] = [];
    for (let index = 0; index < count; index++) {
      const headers = from(typeof address === 'string' ? address : address());
      answers.push(await replica(index).login(email, more, headers));
    }
    return answers;
  }

  beforeAll(async () => {
    const variables = { TRUSTED_PROXIES: '127.0.0.1', LOGIN_LIMIT_PER_ADDRESS: '30/60' };
    app = await world.start(variables);
    api = new AuthApi(app);
    other = new AuthApi(await world.start(variables));
  }, 30_000);

  afterAll(() => world.stop(), 30_000);

  it('refuses the sixth attempt at an account from one address, the right password too', async () => {
    const email = world.anEmail();
    await api.register(email);
    const address = anAddress();
    const wrong = await attempts(5, email, address);
    expect(statuses(wrong)).toEqual(Array(5).fill(401));
    expect(wrong.map(({ headers }) => headers['ratelimit-remaining'])).toEqual(['4', '3', '2', '1', '0']);
    const [refused] = await attempts(1, email, address, {});
    expect([refused?.status, refused?.body['type']]).toEqual([429, 'too-many-requests']);
    const retryAfter = Number(refused?.headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(300);
    expect(refused?.headers).toMatchObject({
      ...{ 'ratelimit-limit': '5', 'ratelimit-remaining': '0', 'ratelimit-reset': String(retryAfter) },
      'ratelimit-policy': '"login-address-account";q=5;w=300',
      ratelimit: `"login-address-account";r=0;t=${retryAfter}`,
    });
    // The owner is elsewhere, or comes for another account.
    expect((await api.login(email, {}, from(anAddress()))).status).toBe(200);
    await api.register(world.anEmail());
    expect((await api.login(world.anEmail(), WRONG, from(address))).status).toBe(401);
  });

  it('refuses the eleventh failure at an account from wherever', async () => {
    const email = world.anEmail();
    await api.register(email);
    expect(statuses(await attempts(10, email, anAddress))).toEqual(Array(10).fill(401));
    const [wrong, right] = [
      ...(await attempts(1, email, anAddress)),
      ...(await attempts(1, email, anAddress, {})),
    ];
    for (const refused of [wrong, right]) {
      expect(refused?.status).toBe(429);
      expect(refused?.headers['ratelimit-policy']).toBe('"login-account";q=10;w=900');
      expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(900);
    }
  });

  it('limits an account that does not exist exactly like one that does', async () => {
    const [known, disabled, unknown] = [world.anEmail(), world.anEmail(), world.anEmail()];
    for (const email of [known, disabled]) await api.register(email);
    await app.get(DataSource).query(`UPDATE account SET status = 'disabled' WHERE email = $1`, [disabled]);
    const seen = async (email: string) => {
      const address = anAddress();
      const answers = [...(await attempts(6, email, address)), ...(await attempts(6, email, anAddress))];
      return answers.map(({ status, body, headers }) => ({
        ...{ status, type: body['type'], title: body['title'] },
        headers: Object.keys(headers).sort(),
        policy: headers['ratelimit-policy'],
        remaining: headers['ratelimit-remaining'],
      }));
    };
    const ofKnown = await seen(known);
    expect(ofKnown.map(({ status }) => status)).toEqual([
      ...[...Array<number>(5).fill(401), 429],
      ...[...Array<number>(5).fill(401), 429],
    ]);
    expect(await seen(unknown)).toEqual(ofKnown);
    expect(await seen(disabled)).toEqual(ofKnown);
  }, 20_000);

  it('refuses what an address tries beyond its limit, whatever it tries', async () => {
    const address = anAddress();
    const email = world.anEmail();
    await api.register(email);
    const tried = await attempts(30, email, address, { password: '' });
    expect(tried[0]?.headers['ratelimit-policy']).toMatch(/^"login-address";q=30;w=60, /);
    const [refused] = await attempts(1, world.anEmail(), address);
    expect([refused?.status, refused?.headers['ratelimit-policy']]).toEqual([
      429,
      '"login-address";q=30;w=60',
    ]);
    expect((await api.login(email, {}, from(anAddress()))).status).toBe(200);
  }, 20_000);

  it('lets no more attempts through than the limit, however many come at once', async () => {
    const [one, many] = [world.anEmail(), world.anEmail()];
    for (const email of [one, many]) await api.register(email);
    const address = anAddress();
    const ofOne = await Promise.all(
      Array.from({ length: 20 }, (_, index) => replica(index).login(one, WRONG, from(address))),
    );
    expect(statuses(ofOne).sort()).toEqual([...Array<number>(5).fill(401), ...Array<number>(15).fill(429)]);
    const ofMany = await Promise.all(
      Array.from({ length: 40 }, (_, index) => replica(index).login(many, WRONG, from(anAddress()))),
    );
    expect(statuses(ofMany).sort()).toEqual([...Array<number>(10).fill(401), ...Array<number>(30).fill(429)]);
  }, 20_000);

  it('takes any number of right passwords at once, and gives back what they were counted', async () => {
    const email = world.anEmail();
    await api.register(email);
    const address = anAddress();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => replica(index).login(email, {}, from(address))),
    );
    expect(statuses(answers)).toEqual(Array(16).fill(200));
    expect(statuses(await attempts(10, email, anAddress))).toEqual(Array(10).fill(401));
  }, 20_000);

  it('forgets the failures of an address by a success, but not those at the account', async () => {
    const email = world.anEmail();
    await api.register(email);
    const address = anAddress();
    await attempts(4, email, address);
    const success = await api.login(email, {}, from(address));
    expect(success.status).toBe(200);
    expect(success.headers['ratelimit-policy']).toBe(
      '"login-address";q=30;w=60, "login-address-account";q=5;w=300, "login-account";q=10;w=900',
    );
    expect(success.headers['ratelimit']).toMatch(
      /^"login-address";r=25;t=\d+, "login-address-account";r=5;t=300, "login-account";r=6;t=\d+$/,
    );
    expect(statuses(await attempts(5, email, address))).toEqual(Array(5).fill(401));
    expect(statuses(await attempts(2, email, anAddress))).toEqual([401, 429]);
  });

  describe('of a device that has signed in before', () => {
    let email: string;
    let device: string;
    let cookie: string;

    /** The owner has signed in once; then the attack uses up the account and the address that the owner shares. */
    beforeEach(async () => {
      email = world.anEmail();
      await api.register(email);
      const first = await api.login(email, {}, from(anAddress()));
      device = first.body['deviceToken'] ?? '';
      cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
      await attempts(10, email, anAddress);
    }, 20_000);

    it('keep the owner in during an attack, by the token or by the cookie, also at the address of the attack', async () => {
      const shared = anAddress();
      await attempts(30, world.anEmail(), shared);
      expect(statuses(await attempts(1, email, shared, {}))).toEqual([429]);
      const [byToken] = await attempts(1, email, shared, { deviceToken: device });
      expect([byToken?.status, byToken?.headers['ratelimit-policy']]).toEqual([
        200,
        '"login-device";q=5;w=300',
      ]);
      const byCookie = await other.login(email, {}, { ...from(shared), cookie: `a=b; ${cookie}` });
      expect([byCookie.status, byCookie.body['deviceToken']]).toEqual([200, device]);
      expect(String(byCookie.headers['set-cookie'])).toMatch(
        /^gatehouse_device=\S+; Path=\/v1\/auth\/login; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/,
      );
      // The attack has gained nothing by it.
      expect(statuses(await attempts(1, email, anAddress, {}))).toEqual([429]);
    }, 20_000);

    it('are not for a forged token, nor for one of another account or of an earlier password', async () => {
      const { deviceToken: foreign = '' } = await api.signIn(world.anEmail());
      const [id = '', seal = ''] = device.split('.');
      const shown = ['x.y', id, `${id}.`, `${id}.${seal.slice(1)}`, `other.${seal}`, foreign, `${device}.x`];
      for (const deviceToken of shown)
        expect([deviceToken, ...statuses(await attempts(1, email, anAddress, { deviceToken }))]).toEqual([
          deviceToken,
          429,
        ]);
      expect(statuses(await attempts(1, email, anAddress, { deviceToken: device }))).toEqual([200]);
      // As a change of the password does.
      await app.get(DataSource).query('UPDATE account SET epoch = epoch + 1 WHERE email = $1', [email]);
      expect(statuses(await attempts(1, email, anAddress, { deviceToken: device }))).toEqual([429]);
    }, 20_000);

    it.each([
      [
        'a reused refresh token',
        async (tokens: Record<string, string>) => {
          await api.refresh(tokens['refreshToken'], 'browser');
          return (await api.refresh(tokens['refreshToken'], 'thief')).body['type'];
        },
        'refresh-token-reused',
      ],
      [
        'a logout of all',
        async (tokens: Record<string, string>) => {
          const options = { token: tokens['accessToken'], body: {} };
          return (await api.call('POST', '/v1/auth/logout-all', options)).status;
        },
        200,
      ],
    ])(
      'end with %s, and the next sign-in gives a new one',
      async (_case, end, said) => {
        const headers = { ...from(anAddress()), 'user-agent': 'browser' };
        const tokens = (await api.login(email, { deviceToken: device }, headers)).body;
        expect(tokens['deviceToken']).toBe(device);
        expect(await end(tokens)).toBe(said);
        // As anybody's: the attack has used up what there was.
        expect(statuses(await attempts(2, email, anAddress, { deviceToken: device }))).toEqual([429, 429]);
        await world.redis.del(...(await world.redis.keys(`${world.namespace}:auth:attempts:*`)));
        const renewed = (await attempts(1, email, anAddress, { deviceToken: device }))[0]?.body[
          'deviceToken'
        ];
        expect(renewed).not.toBe(device);
        await attempts(10, email, anAddress);
        const [known] = await attempts(1, email, anAddress, { deviceToken: renewed });
        expect([known?.status, known?.body['deviceToken']]).toEqual([200, renewed]);
      },
      20_000,
    );

    it('are limited too, each device for itself', async () => {
      const second = (await api.login(email, { deviceToken: device }, from(anAddress()))).body['deviceToken'];
      expect(second).toBe(device);
      const wrong = await attempts(6, email, anAddress, { ...WRONG, deviceToken: device });
      expect(statuses(wrong)).toEqual([...Array<number>(5).fill(401), 429]);
      expect(statuses(await attempts(1, email, anAddress, { deviceToken: device }))).toEqual([429]);
    }, 20_000);
  });

  it('tells the trail of each failure, and of refusals once a minute', async () => {
    const email = world.anEmail();
    const { id } = (await api.register(email)).body;
    const address = anAddress();
    await attempts(9, email, address);
    const rows: { payload: string }[] = await app
      .get(DataSource)
      .query(`SELECT payload FROM outbox_message WHERE payload LIKE $1`, [`%"${address}"%`]);
    const events = rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
    const of = (reason: string) => events.filter((event) => event['reason'] === reason);
    expect(events.every(({ action }) => action === 'auth.login-failed')).toBe(true);
    expect(of('invalid-credentials')).toHaveLength(5);
    expect(of('invalid-credentials')[0]).toMatchObject({ outcome: 'failure', target: { type: 'user', id } });
    expect(of('limited')).toHaveLength(1);
    expect(of('limited')[0]).toMatchObject({
      outcome: 'denied',
      details: { limit: 'login-address-account' },
      context: { ip: address },
    });
    expect(JSON.stringify(events)).not.toContain(WRONG.password);
  });

  it('keeps no email in its keys, and every key for no longer than its window', async () => {
    const email = world.anEmail();
    await attempts(2, email, anAddress);
    const keys = await world.redis.keys(`${world.namespace}:auth:attempts:*`);
    expect(keys.length).toBeGreaterThan(3);
    for (const key of keys) {
      expect(key).not.toContain('@');
      expect(await world.redis.ttl(key)).toBeGreaterThan(0);
    }
  });

  it('takes the address from the nearest proxy that is trusted, whatever the client says before it', async () => {
    const email = world.anEmail();
    const address = anAddress();
    const answers = await attempts(6, email, () => `${anAddress()}, ${address}`);
    expect(statuses(answers)).toEqual([...Array<number>(5).fill(401), 429]);
  });

  it('takes the addresses of one IPv6 network for one', async () => {
    const email = world.anEmail();
    const answers = await attempts(6, email, () => `2001:db8:0:7::${++addresses}`);
    expect(statuses(answers)).toEqual([...Array<number>(5).fill(401), 429]);
    expect((await api.login(email, WRONG, from('2001:db8:0:8::1'))).status).toBe(401);
  });

  it('believes no X-Forwarded-For where no proxy is trusted', async () => {
    const email = world.anEmail();
    const alone = new AuthApi(await world.start({ TRUSTED_PROXIES: undefined }));
    const answers: Answer[] = [];
    for (let index = 0; index < 6; index++) answers.push(await alone.login(email, WRONG, from(anAddress())));
    expect(statuses(answers)).toEqual([...Array<number>(5).fill(401), 429]);
  });
});
