import { randomBytes } from 'node:crypto';

/** What the example of a product team's service does with the same tokens. */
export async function tourOfExample(guide, { suite, user, admin, run }) {
  guide.step("A product team's service, examples/projects-service: a user makes a project.");
  const text = 'The chart of all mountains and their names';
  const body = { name: `Atlas ${run}`, text };
  const project = await guide.post('/v1/projects', body, { token: user, expect: 201 });
  guide.equal('name', project.name, body.name);

  guide.step('A viewer may not: its role is below the one that the route asks for.');
  const viewer = await aUser(guide, { admin, email: `vera-${run}@example.test`, role: 'viewer' });
  const refused = await guide.post('/v1/projects', body, { token: viewer, expect: 403 });
  guide.equal('type', refused.type, 'insufficient-role');

  guide.step('Nobody else sees it: it is not shared. Guests may ask, but no forged token.');
  const seen = await guide.get('/v1/projects', { expect: 200 });
  guide.equal(
    'the project among them',
    seen.some(({ id }) => id === project.id),
    false,
  );
  await guide.get('/v1/projects', { token: 'forged', expect: 401 });

  guide.step('The service has the first healthy provider write a summary, and reports how that went.');
  const summarised = await guide.post(`/v1/projects/${project.id}/summary`, undefined, {
    token: user,
    expect: 200,
  });
  guide.equal('summary', summarised.summary, 'The chart of all mountains …');
  const [provider] = suite.example.providers;
  const health = await guide.get(`/v1/providers/${provider}/status`, { token: user, expect: 200 });
  guide.equal('status', health.status, 'healthy');

  guide.step(
    "A role of the platform's own: more than a viewer, by one permission that the team has thought of.",
  );
  const role = `archivist-${run}`;
  await guide.put(
    `/v1/auth/roles/${role}`,
    { parent: 'viewer', permissions: ['projects:archive'] },
    { token: admin, expect: 201 },
  );
  const archivist = await aUser(guide, { admin, email: `arno-${run}@example.test`, role });
  await guide.post(`/v1/projects/${project.id}/archive`, undefined, { token: archivist, expect: 204 });
  await guide.post(`/v1/projects/${project.id}/archive`, undefined, { token: user, expect: 403 });

  guide.step('An API key of the user: for one of the things that the user may do, and no other.');
  const key = await guide.post(
    '/v1/auth/api-keys',
    { name: 'summaries', permissions: ['providers:report'] },
    { token: user, expect: 201 },
  );
  await guide.post('/v1/projects', body, { apiKey: key.key, expect: 403 });
  const byKey = await guide.post(
    `/v1/providers/${provider}/successes`,
    { responseTimeMs: 20 },
    { apiKey: key.key, expect: 200 },
  );
  guide.equal('status', byKey.status, 'healthy');
  await guide.delete(`/v1/auth/api-keys/${key.id}`, { token: user, expect: 204 });

  guide.step('Only an admin deletes it. The trail has all four changes.');
  await guide.delete(`/v1/projects/${project.id}`, { token: user, expect: 403 });
  await guide.delete(`/v1/projects/${project.id}`, { token: admin, expect: 204 });
  const events = await guide.events(`targetId=${project.id}&order=asc`, { token: admin, count: 4 });
  guide.equal(
    'the actions',
    events.map(({ action }) => action),
    ['project.created', 'project.summarised', 'project.archived', 'project.deleted'],
  );
}

/** An account that an admin makes: the user sets the password. */
async function aUser(guide, { admin, email, role }) {
  const newPassword = randomBytes(12).toString('base64url');
  const made = await guide.post('/v1/auth/users', { email, role }, { token: admin, expect: 201 });
  await guide.post(
    '/v1/auth/password-reset',
    { token: made.passwordReset.token, newPassword },
    { expect: 204 },
  );
  const login = await guide.post('/v1/auth/login', { email, password: newPassword }, { expect: 200 });
  return login.accessToken;
}
