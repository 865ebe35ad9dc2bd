import { Logger } from '@nestjs/common';
import { AuthEnvironment } from '../auth.environment.js';
import { SigningKeyVault } from './signing-key.vault.js';

const SECRET = 'a-secret-that-the-whole-platform-shares';

/** What is said at the start with these variables. */
function saidWith(variables: Record<string, string>): string[] {
  const said: string[] = [];
  const environment = AuthEnvironment.read({
    ...{
      ENCRYPTION_KEY: 'k'.repeat(40),
      ISSUER: 'https://platform.test',
      DATABASE_URL: 'postgres://nowhere',
    },
    ...variables,
  });
  const silent = () => undefined;
  Logger.overrideLogger({
    ...{ log: silent, error: silent },
    warn: (text: string) => void said.push(text),
  });
  try {
    new SigningKeyVault(environment).onModuleInit();
  } finally {
    Logger.overrideLogger(false);
  }
  return said;
}

describe('the start', () => {
  it('says that whoever verifies can issue where tokens are signed with a shared secret', () => {
    const said = saidWith({ JWT_ALGORITHM: 'HS256', JWT_SECRET_KEY: SECRET });
    expect(said).toEqual([
      expect.stringMatching(
        /HS256: every service that verifies tokens can also issue them; the JWKS is empty/,
      ),
    ]);
    expect(said.join()).not.toContain(SECRET);
  });

  it.each(['ES256', 'RS256'])('says that a shared secret is not used with %s', (JWT_ALGORITHM) => {
    const said = saidWith({ JWT_ALGORITHM, JWT_SECRET_KEY: SECRET });
    expect(said).toEqual([`JWT_SECRET_KEY is set and not used: JWT_ALGORITHM is ${JWT_ALGORITHM}`]);
  });

  it('says nothing where there is none', () => {
    expect(saidWith({})).toEqual([]);
  });
});
