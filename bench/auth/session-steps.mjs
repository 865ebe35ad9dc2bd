import { ConnectionPool } from '@gatehouse/database';
import { REDIS } from '@gatehouse/redis';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { deviceFingerprint } from '../../apps/auth-service/dist/sessions/device-fingerprint.js';
import { SessionManager } from '../../apps/auth-service/dist/sessions/session.manager.js';
import { SessionRepository } from '../../apps/auth-service/dist/sessions/session.repository.js';
import { describeUserAgent, userAgentOf } from '../../apps/auth-service/dist/sessions/user-agent.js';
import { AccessTokenSigner } from '../../apps/auth-service/dist/tokens/access-token.signer.js';
import { TokenManager } from '../../apps/auth-service/dist/tokens/token.manager.js';
import { percentile } from '../statistics.mjs';
import { USER_AGENT } from './http-calls.mjs';

const IN_FLIGHT = 200;
const signIn = { ip: '203.0.113.7', userAgent: USER_AGENT };

/** What is measured inside auth-service, by its own managers and repositories. */
export function sessionSteps(app) {
  const part = (type) => app.get(type, { strict: false });
  const [sessions, repository] = [part(SessionManager), part(SessionRepository)];
  const [tokens, dataSource] = [part(TokenManager), part(DataSource)];
  const [pool, redis] = [part(ConnectionPool), part(REDIS)];

  const create = (userId) =>
    dataSource.transaction((manager) =>
      sessions.createSession(manager, { userId, role: 'user', epoch: 0, signIn }),
    );

  return {
    /** One after the other, so many times: `{ name: { p50, p99 } }`, ms. */
    async takeSteps({ userId, times }) {
      const taken = {};
      const take = async (name, step) => {
        const begun = performance.now();
        const result = await step();
        (taken[name] ??= []).push(performance.now() - begun);
        return result;
      };
      const nothingElse = async () => {};
      await dataSource.query('CREATE TABLE IF NOT EXISTS bench_commit (id uuid PRIMARY KEY)');
      const commit = () =>
        pool.use((connection) => connection.query('INSERT INTO bench_commit (id) VALUES ($1)', [uuidv7()]));
      for (let n = 0; n < times; n++) {
        const { session } = await take('session-create', () => create(userId));
        const token = await take('token-create', () => tokens.createAccessToken(session));
        await take('token-verify', () => tokens.verifyToken(token));
        await take('token-verify/again', () => tokens.verifyToken(token));
        await take('session-look-up', () => sessions.getSession(userId, session.id));
        // Beside what they are the floors of: an engine that has just worked answers faster.
        await take('bare-ping', () => redis.ping());
        await take('bare-commit', commit);
        await take('session-invalidate', () => sessions.invalidateSession(userId, session.id, nothingElse));
        const other = (await create(userId)).session;
        await take('session-invalidate/redis-alone', () => sessions.discardSession(userId, other.id));
      }
      return Object.fromEntries(Object.entries(taken).map(([name, times]) => [name, quantiles(times)]));
    },

    /** So many access tokens of one session, no two the same. */
    async issueTokens({ userId, count }) {
      const { session } = await create(userId);
      return Promise.all(Array.from({ length: count }, () => tokens.createAccessToken(session)));
    },

    /** The token of a service that may do this. */
    issueServiceToken({ permissions }) {
      return part(AccessTokenSigner).signForService({ id: 'asking-service', permissions });
    },

    /** Begins so many sessions, each of another user, as a sign-in does on Redis. */
    async createSessions({ count }) {
      const fingerprint = deviceFingerprint(USER_AGENT);
      const agent = userAgentOf(USER_AGENT);
      const device = { fingerprint, ip: signIn.ip, ...describeUserAgent(agent), userAgentId: agent.id };
      let left = count;
      const one = async () => {
        while (left-- > 0) {
          await repository.create({ id: uuidv7(), userId: uuidv7(), role: 'user', epoch: 0, device });
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, one));
    },
  };
}

function quantiles(times) {
  const sorted = times.sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), messages: sorted.length };
}
