import { openAccessControl, type OpenAccessControl } from '@gatehouse/access-control';
import { Logger } from '@nestjs/common';
import { aToken, type TokenChanges } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { Platform } from '../../../../test/support/platform.js';

// What is away is warned of: here it is meant to be so.
beforeAll(() => void Logger.overrideLogger(false));

describe('the revocations that a service hears of', () => {
  let platform: Platform;
  let door: RedisDoor;
  const opened: OpenAccessControl[] = [];

  beforeAll(async () => {
    platform = await new Platform().open();
    door = await new RedisDoor().open();
  });

  afterAll(async () => {
    await Promise.all(opened.map((control) => control.close()));
    await door.close();
    await platform.close();
  });

  const open = async (redis = testRedisSettings()) => {
    const control = await openAccessControl(platform.options(redis));
    opened.push(control);
    return control;
  };
  const user = (claims: TokenChanges['claims'] = {}) => aToken(platform.key, { claims });
  const verdict = ({ verifier }: OpenAccessControl, token: string, at?: Date) =>
    verifier.authenticate(token, at).then(
      () => 'accepted',
      (error: { type?: string }) => error.type,
    );
  const accepts = (control: OpenAccessControl, token: string) =>
    eventually('it is accepted', async () => (await verdict(control, token)) === 'accepted');
  const refuses = (control: OpenAccessControl, token: string) =>
    eventually('it is refused', async () => (await verdict(control, token)) === 'unauthenticated');

  it('end a session, a token, an account in every process that verifies', async () => {
    const processes = await Promise.all([open(), open(), open()]);
    const tokens = {
      session: await user({ sid: 'ended' }),
      token: await user({ jti: 'ended' }),
      account: await user({ sub: 'ended', epoch: 1 }),
    };
    const others = [
      await user({ sid: 'lives' }),
      await user({ sub: 'ended', epoch: 2 }),
      await user({ sub: 'ended', epoch: 1, sid: 'left-out' }),
    ];
    for (const control of processes) {
      for (const token of [...Object.values(tokens), ...others]) await accepts(control, token);
    }
    await platform.revoke({ kind: 'session', id: 'ended' });
    await platform.revoke({ kind: 'token', id: 'ended' });
    await platform.revoke({ kind: 'account', id: 'ended', epoch: 2, exceptSession: 'left-out' });
    for (const control of processes) {
      for (const token of Object.values(tokens)) await refuses(control, token);
      for (const token of others) expect(await verdict(control, token)).toBe('accepted');
    }
  });

  it('are all known to a process that begins, page by page, and none is accepted before', async () => {
    const ids = Array.from({ length: 5 }, (_, n) => `before-${n}`);
    for (const id of ids) await platform.revoke({ kind: 'session', id });
    await platform.stop();
    const control = await open();
    const tokens = await Promise.all(ids.map((sid) => user({ sid })));
    const other = await user();
    expect(await verdict(control, other)).toMatch(/revocations-unknown|dependency-unavailable/);
    await expect(control.revocations.check()).rejects.toThrow('never loaded');
    await platform.start();
    await accepts(control, other);
    for (const token of tokens) expect(await verdict(control, token)).toBe('unauthenticated');
    await expect(control.revocations.check()).resolves.toMatchObject({
      revocations: platform.revoked.length,
    });
  });

  it('are known in the end to one who missed the broadcast', async () => {
    const through = await open(door.settings);
    const token = await user({ sid: 'missed' });
    await accepts(through, token);
    await door.close();
    await platform.revoke({ kind: 'session', id: 'missed' });
    expect(await verdict(through, token)).toBe('accepted');
    await door.open();
    await refuses(through, token);
  });

  it('leave an event alone whose sender was revoked after it was published', async () => {
    const control = await open();
    const token = await user({ sid: 'left' });
    await accepts(control, token);
    const before = new Date(Date.now() - 1_000);
    await platform.revoke({ kind: 'session', id: 'left' });
    await refuses(control, token);
    expect(await verdict(control, token, before)).toBe('accepted');
  });
});
