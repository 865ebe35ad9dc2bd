// Walks the main job against the running suite, printing each call and answer: `npm run tour`.
// Leaves with 1 at the first answer that is not what it says.
import { randomBytes } from 'node:crypto';
import { readSuite } from './tour/suite.mjs';
import { tourOfExample } from './tour/example.mjs';
import { tourOfFailover } from './tour/failover.mjs';
import { Guide } from './tour/guide.mjs';
import { tourOfProof } from './tour/proof.mjs';
import { tourOfRevocation } from './tour/revocation.mjs';

const suite = readSuite();
const guide = new Guide(suite.gateway);
const run = randomBytes(3).toString('hex');
const email = `ada-${run}@example.test`;
const password = randomBytes(12).toString('base64url');
const [first, second] = [`openai-${run}`, `anthropic-${run}`];

guide.title(`A tour of Gatehouse at ${suite.gateway}`);

guide.step('Anybody may register. The account gets the role user.');
const account = await guide.post(
  '/v1/auth/register',
  { email, password, displayName: 'Ada' },
  { expect: 201 },
);
guide.equal('role', account.role, 'user');

guide.step('Signing in begins a session and gives two tokens: one to show, one to renew it with.');
const login = await guide.post('/v1/auth/login', { email, password }, { expect: 200 });
const user = login.accessToken;

guide.step('The access token says who calls; every service verifies it by itself.');
const me = await guide.get('/v1/auth/me', { token: user, expect: 200 });
guide.equal('email', me.email, email);
guide.equal('sessionId', me.sessionId, login.sessionId);

guide.step('Without a token the door stays shut. Every error has this shape (RFC 9457).');
const refused = await guide.get('/v1/auth/me', { expect: 401 });
guide.equal('type', refused.type, 'unauthenticated');

guide.step('A user may not add providers: that needs the permission providers:write.');
const provider = (name, kind) => ({ name, kind, baseUrl: `https://${kind}.example.test` });
const forbidden = await guide.post('/v1/providers', provider(first, 'openai'), { token: user, expect: 403 });
guide.equal('type', forbidden.type, 'insufficient-permission');

guide.step('The admin may. `npm start` made one at the first start.');
const { email: adminEmail, password: adminPassword } = suite.admin;
const adminLogin = await guide.post(
  '/v1/auth/login',
  { email: adminEmail, password: adminPassword },
  { expect: 200 },
);
const admin = adminLogin.accessToken;
await guide.post('/v1/providers', provider(first, 'openai'), { token: admin, expect: 201 });
await guide.post('/v1/providers', provider(second, 'anthropic'), { token: admin, expect: 201 });

guide.step(
  `Calls to ${first} fail, wherever in the fleet: three in a row degrade it, five make it unhealthy.`,
);
for (const status of ['healthy', 'healthy', 'degraded', 'degraded', 'unhealthy']) {
  const failure = { class: 'server', message: 'upstream answered 500' };
  const answer = await guide.post(`/v1/providers/${first}/failures`, failure, { token: user, expect: 200 });
  guide.equal('status', answer.status, status);
}

guide.step('Whom to call now, and why not the first:');
const query = `primary=${first}&fallbacks=${second}`;
const chain = await guide.get(`/v1/providers/fallback-chain?${query}`, { token: user, expect: 200 });
guide.equal('chain[0].name', chain.chain[0]?.name, second);
guide.equal('excluded[0]', chain.excluded[0], { name: first, reason: 'timeout' });

await tourOfFailover(guide, { suite, admin, run });

guide.step('All of it is in the audit trail, each event once and with its place in the order.');
const logins = await guide.events(`actorId=${account.id}&action=auth.login`, { token: admin, count: 1 });
guide.equal('sessionId', logins[0].context.sessionId, login.sessionId);
const changes = await guide.events(`targetId=${first}&action=provider.status-changed&order=asc`, {
  token: admin,
  count: 2,
});
guide.equal(
  'the two changes',
  changes.map(({ details }) => `${details.from} → ${details.to}`),
  ['healthy → degraded', 'degraded → unhealthy'],
);

await tourOfProof(guide, { event: logins[0], token: admin });

guide.step('A second device of hers. The refresh token is good once: it gives its successor.');
const device = { name: 'phone' };
const phone = await guide.post('/v1/auth/login', { email, password, device }, { expect: 200 });
const renewed = await guide.post('/v1/auth/refresh', { refreshToken: phone.refreshToken }, { expect: 200 });
const { items } = await guide.get('/v1/auth/sessions', { token: user, expect: 200 });
guide.equal(
  'the sessions',
  items.map(({ device: { name } }) => name),
  ['phone', null],
);

guide.step('She ends all sessions but this one. The phone is out at once, with every token that it has.');
const ended = await guide.post('/v1/auth/logout-all', { exceptCurrent: true }, { token: user, expect: 200 });
guide.equal('ended', ended.ended, 1);
await guide.get('/v1/auth/me', { token: renewed.accessToken, expect: 401 });
await guide.post('/v1/auth/refresh', { refreshToken: renewed.refreshToken }, { expect: 401 });
await guide.get('/v1/auth/me', { token: user, expect: 200 });

if (suite.example) await tourOfExample(guide, { suite, user, admin, run });
await tourOfRevocation(guide, { suite });

guide.step('Signing out ends the session: its token is good for nothing at auth-service from now on.');
await guide.post('/v1/auth/logout', undefined, { token: user, expect: 204 });
await guide.get('/v1/auth/me', { token: user, expect: 401 });

guide.title('That is the main job. Everything was what it said.');
