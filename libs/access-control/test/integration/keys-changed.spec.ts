import { openAccessControl, type OpenAccessControl } from '@gatehouse/access-control';
import { aKey, aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform } from '../../../../test/support/platform.js';

describe('a service on the transport', () => {
  let platform: Platform;
  let control: OpenAccessControl;

  beforeAll(async () => {
    platform = await new Platform().open();
    control = await openAccessControl(platform.options());
  });

  afterAll(async () => {
    await control.close();
    await platform.close();
  });

  it('refuses the tokens of a withdrawn key as soon as it is told, with nobody asking for it', async () => {
    const other = await aKey('k2');
    platform.published = [platform.key, other];
    const [token, good] = [await aToken(platform.key), await aToken(other)];
    const verdict = (of: string) =>
      control.verifier.verify(of).then(
        () => 200,
        (error: { status?: number }) => error.status,
      );
    await eventually('the keys are there', async () => (await verdict(good)) === 200);
    await eventually('the revocations are there', async () => (await verdict(token)) === 200);

    platform.published = [other];
    // Without being told it goes on for five minutes: a token that it knows makes it ask nobody.
    expect(await verdict(token)).toBe(200);
    await platform.changeKeys(other);
    await eventually('it is refused', async () => (await verdict(token)) === 401);
    expect(await verdict(good)).toBe(200);
  });
});
