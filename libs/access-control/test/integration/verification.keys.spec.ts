import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import {
  type AuthServiceConnection,
  type OpenAccessControl,
  openAccessControl,
  sharedSecretKey,
} from '@gatehouse/access-control';
import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import type { BroadcastFeed, BroadcastHandler, BroadcastReceiver } from '@gatehouse/redis-transport';
import { SignJWT } from 'jose';
import { aKey, aToken, AUDIENCE, ISSUER, jwksOf } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';

// What cannot be fetched is warned of: here it is meant to be so.
beforeAll(() => void Logger.overrideLogger(false));

const RULES = { issuer: ISSUER, audience: AUDIENCE };

/** Serves a JWKS, and counts how often it was asked for. */
class Jwks {
  asked = 0;
  answer: object | undefined;
  private hold?: Promise<void>;
  private letGo: () => void = () => undefined;
  private readonly server = createServer((_request, response) => {
    this.asked++;
    const body = JSON.stringify(this.answer ?? {});
    response.statusCode = this.answer === undefined ? 500 : 200;
    void (this.hold ?? Promise.resolve()).then(() => response.end(body));
  });

  async open(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks`;
  }

  /** Answers are read, and on their way until `release`. */
  keepWaiting(): void {
    this.hold = new Promise((resolve) => (this.letGo = resolve));
  }

  release(): void {
    this.hold = undefined;
    this.letGo();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('VerificationKeys', () => {
  const jwks = new Jwks();
  const opened: OpenAccessControl[] = [];
  let url: string;
  let k1: Awaited<ReturnType<typeof aKey>>;
  let k2: Awaited<ReturnType<typeof aKey>>;

  beforeAll(async () => {
    url = await jwks.open();
    [k1, k2] = await Promise.all([aKey('k1'), aKey('k2')]);
  });

  afterAll(async () => {
    await Promise.all(opened.map((control) => control.close()));
    jwks.close();
  });

  beforeEach(() => {
    jwks.release();
    jwks.answer = jwksOf(k1);
    jwks.asked = 0;
  });

  /** The keys, and the hint as the transport would bring it. */
  const open = async () => {
    let handler: BroadcastHandler<unknown> | undefined;
    const receiver = {
      subscribe: (pattern: string, given: BroadcastHandler<unknown>) => {
        if (pattern === 'auth.keys-changed') handler = given;
        const time = { now: () => Date.now(), least: () => undefined };
        return { ageMs: () => 0, time, stop: async () => undefined } as unknown as BroadcastFeed;
      },
    } as unknown as BroadcastReceiver<AuthBroadcasts>;
    const options = { ...RULES, jwksUrl: url };
    const connection = { receiver, onApplicationShutdown: async () => undefined };
    const control = await openAccessControl(options, connection as unknown as AuthServiceConnection);
    const { keys, verifier } = control;
    opened.push(control);
    await eventually('the keys are there', () =>
      keys.check().then(
        () => true,
        () => false,
      ),
    );
    return { keys, verifier, hint: () => handler?.apply({}, {}) };
  };

  it('are fetched once for all who show an unknown kid, and not again for the next', async () => {
    const { keys } = await open();
    const junk = () => Promise.all(Array.from({ length: 50 }, (_, n) => keys.find(`junk-${n}`)));
    expect(new Set(await junk())).toEqual(new Set([undefined]));
    expect(new Set(await junk())).toEqual(new Set([undefined]));
    expect(jwks.asked).toBeLessThanOrEqual(2);
  });

  it('are found at once when a hint says that there are others, and then no more of the old', async () => {
    const { verifier, hint } = await open();
    const [before, after] = [await aToken(k1), await aToken(k2)];
    for (let use = 0; use < 2; use++) await expect(verifier.verify(before)).resolves.toBeDefined();
    await expect(verifier.verify(after)).rejects.toMatchObject({ status: 401 });
    jwks.answer = jwksOf(k2);
    await hint();
    await eventually('the new key is known', () =>
      verifier.verify(after).then(
        () => true,
        () => false,
      ),
    );
    await expect(verifier.verify(before)).rejects.toMatchObject({ status: 401 });
  });

  it('are read anew after a hint that came while they were being read', async () => {
    const { keys, hint } = await open();
    jwks.keepWaiting();
    const slow = keys.reload();
    await eventually('it has been asked', () => jwks.asked === 2);
    jwks.answer = jwksOf(k2);
    await hint();
    jwks.release();
    await slow;
    await eventually('the withdrawn key is gone', async () => (await keys.find('k2')) !== undefined);
    expect(await keys.find('k1')).toBeUndefined();
  });

  it('stay in use while they cannot be had, and whether there is another cannot be said', async () => {
    const { verifier, keys } = await open();
    jwks.answer = undefined;
    await expect(keys.reload()).rejects.toMatchObject({ status: 503 });
    await expect(verifier.verify(await aToken(k1))).resolves.toBeDefined();
    await expect(verifier.verify(await aToken(k2))).rejects.toMatchObject({ status: 503 });
  });

  it.each([[{}], [{ keys: 'none' }], [{ keys: [null] }], [[]]])('are not replaced by %j', async (answer) => {
    const { verifier, keys } = await open();
    jwks.answer = answer;
    await expect(keys.reload()).rejects.toMatchObject({ status: 503 });
    await expect(verifier.verify(await aToken(k1))).resolves.toBeDefined();
  });
});

describe('a token that was verified before', () => {
  it('is refused when it has expired', async () => {
    const key = await aKey('k1');
    const options = { ...RULES, keys: async () => set };
    const set = jwksOf(key);
    const { verifier } = await openAccessControl(options);
    const token = await aToken(key);
    const later = new Date(Date.now() + 3_600_000);
    await expect(verifier.verify(token)).resolves.toBeDefined();
    await expect(verifier.authenticate(token, later)).rejects.toMatchObject({ status: 401 });
    await expect(verifier.verify(token)).resolves.toBeDefined();
  });

  it('is refused when its key has left, or has become another of the same name', async () => {
    const [key, other] = await Promise.all([aKey('k1'), aKey('k1')]);
    let set = jwksOf(key);
    const options = { ...RULES, keys: async () => set };
    const { verifier } = await openAccessControl(options);
    const token = await aToken(key);
    await expect(verifier.verify(token)).resolves.toBeDefined();
    set = jwksOf(key);
    await expect(verifier.verify(token)).resolves.toBeDefined();
    set = jwksOf();
    await expect(verifier.verify(token)).rejects.toMatchObject({ status: 401 });
    set = jwksOf(other);
    await expect(verifier.verify(token)).rejects.toMatchObject({ status: 401 });
  });

  it('is shown to the last check each time', async () => {
    const key = await aKey('k1');
    const set = jwksOf(key);
    let revoked = false;
    const options = {
      ...RULES,
      keys: async () => set,
      afterVerification: async () => {
        if (revoked) throw new Error('revoked');
      },
    };
    const { verifier } = await openAccessControl(options);
    const token = await aToken(key);
    await expect(verifier.verify(token)).resolves.toBeDefined();
    revoked = true;
    await expect(verifier.verify(token)).rejects.toThrow('revoked');
  });
});

describe('a secret that the platform shares', () => {
  const secret = 'a-secret-that-the-whole-platform-shares';
  const shared = sharedSecretKey(secret);
  const sign = (header: object, key = Buffer.from(secret)) =>
    new SignJWT({ type: 'access', role: 'user', sid: 's1', client_id: 'gatehouse', jti: 'j', epoch: 0 })
      .setProtectedHeader({ alg: 'HS256', kid: shared.kid, typ: 'at+jwt', ...header })
      .setSubject('u1')
      .setIssuedAt()
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('15m')
      .sign(key);

  it('verifies tokens of HS256 beside those of published keys, and nothing else', async () => {
    const key = await aKey('k1');
    const set = jwksOf(key);
    const options = { ...RULES, secret, keys: async () => set };
    const { verifier } = await openAccessControl(options);
    await expect(verifier.verify(await sign({}))).resolves.toMatchObject({ id: 'u1' });
    await expect(verifier.verify(await aToken(key))).resolves.toMatchObject({ id: 'u1' });
    for (const token of [
      await sign({ alg: 'HS512' }),
      await sign({}, Buffer.from('another-secret-of-the-same-length-or-so')),
      await sign({ kid: 'k1' }),
      await aToken(key, { header: { kid: shared.kid } }),
    ]) {
      await expect(verifier.verify(token)).rejects.toMatchObject({ status: 401 });
    }
  });

  it('is accepted only where it was given', async () => {
    const set = jwksOf(await aKey('k1'));
    const options = { ...RULES, keys: async () => set };
    const { verifier } = await openAccessControl(options);
    await expect(verifier.verify(await sign({}))).rejects.toMatchObject({ status: 401 });
  });
});
