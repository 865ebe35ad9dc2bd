// better-auth on PostgreSQL behind Node's own server, with the passwords hashed by its own scrypt or by argon2id as ours.
import { createServer } from 'node:http';
import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import pg from 'pg';
import { answer, options } from '../answers.mjs';

const ARGON2ID = 2;
const { url, database, argon2, updateAge, accessTokens } = options;

const settings = {
  baseURL: url,
  secret: 'a-secret-of-the-benchmark-that-is-long-enough',
  database: new pg.Pool({ connectionString: database, max: 10 }),
  emailAndPassword: { enabled: true, ...(argon2 ? { password: argon2id(argon2) } : {}) },
  ...(updateAge === undefined ? {} : { session: { updateAge } }),
  // Each session that is asked for comes with an access token, signed as ours are.
  plugins: accessTokens ? [jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } })] : [],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
};

await (await getMigrations(settings)).runMigrations();
const server = createServer(toNodeHandler(betterAuth(settings)));
await new Promise((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', resolve));
answer({});

function argon2id({ memoryCost, timeCost, parallelism }) {
  return {
    hash: (password) => hash(password, { memoryCost, timeCost, parallelism, algorithm: ARGON2ID }),
    verify: ({ hash: phc, password }) => verify(phc, password),
  };
}
