/** A path of each service that the admin may read. */
const PATHS = {
  auth: '/v1/auth/me',
  providerHealth: '/v1/providers',
  audit: '/v1/audit/events?limit=1',
  projects: '/v1/projects/all',
};

/** Ends a session, and asks every process of every service about its token. */
export async function tourOfRevocation(guide, { suite }) {
  guide.step('The admin signs in on another device; every process of every service accepts the token.');
  const { email, password } = suite.admin;
  const here = await guide.post('/v1/auth/login', { email, password }, { expect: 200 });
  const there = await guide.post('/v1/auth/login', { email, password }, { expect: 200 });
  const urls = Object.entries(suite.services).flatMap(([service, origins]) =>
    origins.map((origin) => origin + PATHS[service]),
  );
  for (const url of urls) await guide.get(url, { token: there.accessToken, expect: 200 });

  guide.step('That session is ended: each of them refuses it, with nobody asked and nothing expired.');
  await guide.delete(`/v1/auth/sessions/${there.sessionId}`, { token: here.accessToken, expect: 204 });
  await guide.refusedEverywhere(urls, { token: there.accessToken, since: performance.now() });
  await guide.post('/v1/auth/logout', undefined, { token: here.accessToken, expect: 204 });
}
