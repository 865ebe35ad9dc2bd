import { sharedSecretKey } from '@gatehouse/access-control';
import { SignJWT } from 'jose';
import { AuditApi, AuditWorld, ISSUER } from './audit-fixture.js';

const SECRET = 'a-secret-that-the-whole-platform-shares';

describe('a platform that shares one secret', () => {
  const world = new AuditWorld();

  afterAll(() => world.stop());

  const aToken = () =>
    new SignJWT({ type: 'access', role: 'admin', sid: 's1', client_id: 'gatehouse', jti: 'j', epoch: 0 })
      .setProtectedHeader({ alg: 'HS256', kid: sharedSecretKey(SECRET).kid, typ: 'at+jwt' })
      .setSubject('u1')
      .setIssuedAt()
      .setIssuer(ISSUER)
      .setAudience('gatehouse')
      .setExpirationTime('15m')
      .sign(Buffer.from(SECRET));
  const statusAt = async (more: Record<string, string>, token: string) => {
    const app = await world.replica(world.database.url, more);
    return (await new AuditApi(app, token).get('/events')).statusCode;
  };

  it('has its tokens of HS256 accepted where it says so, and nowhere else', async () => {
    await world.start();
    const token = await aToken();
    const hs256 = { JWT_ALGORITHM: 'HS256', JWT_SECRET_KEY: SECRET };
    expect(await statusAt(hs256, token)).toBe(200);
    // Tokens of keys that auth-service published before stay good.
    expect(await statusAt(hs256, world.reader)).toBe(200);
    expect(await statusAt({ ...hs256, JWT_SECRET_KEY: `${SECRET}!` }, token)).toBe(401);
    expect(await statusAt({ JWT_SECRET_KEY: SECRET }, token)).toBe(401);
    await expect(statusAt({ JWT_ALGORITHM: 'HS256' }, token)).rejects.toThrow(
      /JWT_SECRET_KEY: is required with JWT_ALGORITHM=HS256/,
    );
  }, 30_000);
});
