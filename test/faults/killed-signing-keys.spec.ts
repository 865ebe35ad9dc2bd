import { decodeProtectedHeader } from 'jose';
import { eventually } from '../support/eventually.js';
import { AuthFleet } from './auth-fleet.js';
import { type AuthReplica, PASSWORD } from './auth-replica.js';

const ADMIN = 'root@example.test';
const KEYS = '/v1/auth/signing-keys';
const ADMIN_ENV = { BOOTSTRAP_ADMIN_EMAIL: ADMIN, BOOTSTRAP_ADMIN_PASSWORD: PASSWORD };

interface Change {
  made: string;
  announced: string;
}

/** The end of a broadcast that says nothing but its name. */
const PUBLISHED = '$2\r\n{}\r\n';

/** What comes by when the step is about to be done, and whether it is. */
const STEPS = [
  ['before the commit', { engine: 'database', text: 'COMMIT', committed: false, letsPass: false }],
  ['after the commit', { engine: 'database', text: 'COMMIT', committed: true, letsPass: true }],
  ['before it is told', { engine: 'redis', text: PUBLISHED, committed: true, letsPass: false }],
  ['after it was told', { engine: 'redis', text: PUBLISHED, committed: true, letsPass: true }],
  ['before that is noted', { engine: 'database', text: 'SET announced', committed: true, letsPass: false }],
] as const;

describe('auth-service that is killed with -9 while it changes its signing keys', () => {
  let fleet: AuthFleet;
  let survivor: AuthReplica;
  let admin: string;

  beforeAll(async () => {
    fleet = await AuthFleet.start();
    survivor = await fleet.replica({ env: ADMIN_ENV });
    await eventually('the admin signs in', async () => (await survivor.login(ADMIN)).status === 200);
  }, 60_000);

  beforeEach(async () => {
    admin = (await survivor.login(ADMIN)).body.accessToken;
  });

  afterAll(() => fleet.stop(), 60_000);

  const keys = async () =>
    (await fleet.query<{ kid: string }>(`SELECT kid FROM signing_key ORDER BY active_from`)).map(
      ({ kid }) => kid,
    );
  const published = async () => {
    const { body } = await survivor.call<{ keys: { kid: string }[] }>('GET', '/.well-known/jwks.json');
    return body.keys.map(({ kid }) => kid);
  };
  const signsWith = async () =>
    String(decodeProtectedHeader((await survivor.login(ADMIN)).body.accessToken).kid);
  const told = async (action: string, kid?: string) =>
    (await fleet.told(action)).filter(({ target }) => kid === undefined || target?.id === kid).length;

  async function killAt(
    { engine, text, letsPass }: (typeof STEPS)[number][1],
    action: string,
    work: (at: AuthReplica) => Promise<unknown>,
  ): Promise<void> {
    const victim = await fleet.replica({ behindDoors: true, env: ADMIN_ENV });
    const after = text === 'COMMIT' ? { after: `"${action}"` } : {};
    const held = fleet.doors[engine].holdAt('in', text, { letsPass, ...after });
    const answered = work(victim).then(
      () => 'answered',
      () => 'not answered',
    );
    await held;
    await victim.kill();
    expect(await answered).toBe('not answered');
  }

  /** Whoever is left tells verifiers of it. */
  const isAnnounced = () =>
    eventually('it is told', async () => {
      const [change] = await fleet.query<Change>(`SELECT made, announced FROM signing_key_changes`);
      return change?.made === change?.announced;
    });

  it.each(STEPS)('by a rotation, %s: there is one next key with its event, or none', async (_step, at) => {
    const before = await keys();
    const events = await told('auth.signing-key-rotated');
    await killAt(at, 'auth.signing-key-rotated', (replica) =>
      replica.call('POST', `${KEYS}/rotate`, { token: admin }),
    );
    const after = await keys();
    expect(after).toHaveLength(before.length + (at.committed ? 1 : 0));
    expect(await told('auth.signing-key-rotated')).toBe(events + (at.committed ? 1 : 0));
    await isAnnounced();
    expect(await published()).toEqual(after);
    expect(before).toContain(await signsWith());
    // Another one who asks gets the key that waits, or the one that was not made.
    expect((await survivor.call('POST', `${KEYS}/rotate`, { token: admin })).status).toBe(200);
    const [next] = (await keys()).slice(before.length);
    expect(await keys()).toHaveLength(before.length + 1);
    await survivor.call('DELETE', `${KEYS}/${next}`, { token: admin });
    expect(await keys()).toEqual(before);
  });

  it.each(STEPS)(
    'by a withdrawal, %s: its tokens are refused and another key signs, or nothing has changed',
    async (_step, at) => {
      const kid = await signsWith();
      await killAt(at, 'auth.signing-key-withdrawn', (replica) =>
        replica.call('DELETE', `${KEYS}/${kid}`, { token: admin }),
      );
      expect(await told('auth.signing-key-withdrawn', kid)).toBe(at.committed ? 1 : 0);
      if (!at.committed) {
        expect((await survivor.me(admin)).status).toBe(200);
        expect(await signsWith()).toBe(kid);
        return;
      }
      await eventually('a token of it is refused', async () => (await survivor.me(admin)).status === 401);
      await isAnnounced();
      expect(await published()).toEqual(await keys());
      expect(await keys()).not.toContain(kid);
      expect(await keys()).toEqual([await signsWith()]);
    },
  );

  it('and one that cannot tell of a withdrawal refuses at once, the others within seconds', async () => {
    const cut = await fleet.replica({ behindDoors: true, env: ADMIN_ENV });
    const kid = await signsWith();
    expect((await cut.me(admin)).status).toBe(200);
    const closed = fleet.doors.redis.cutAt('in', PUBLISHED).then(() => fleet.doors.redis.close());
    expect((await cut.call('DELETE', `${KEYS}/${kid}`, { token: admin })).status).toBe(204);
    await closed;
    // Not 503: the key is asked about first.
    expect((await cut.me(admin)).status).toBe(401);
    await eventually('the other refuses it', async () => (await survivor.me(admin)).status === 401);
    await isAnnounced();
    await fleet.doors.redis.open();
  });
});
