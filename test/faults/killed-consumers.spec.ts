import { eventually } from '../support/eventually.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, messages } from './messages.js';
import { expectEmptyStreams, expectEnded, expectHandledOnce } from './oracle.js';
import { scale } from './scale.js';

const EVENTS = scale(1_000, 10_000);
const REQUESTS = scale(500, 5_000);

describe('consumers that are killed with -9', () => {
  const world = new FaultWorld();
  afterAll(() => world.end());

  it('lose nothing, and leave no caller without an end', async () => {
    const replicas = await Promise.all(['audit', 'audit', 'auth', 'auth'].map((name) => world.service(name)));
    const [audit, otherAudit, auth, otherAuth] = replicas as [Child, Child, Child, Child];
    const client = await world.client();
    const requests = messages('request', REQUESTS, { workMs: 5, timeoutMs: 60_000 });
    const events = messages('event', EVENTS, { workMs: 5 });

    const published = client.call('emit', { messages: events });
    const ended = client.call<End[]>('ask', { messages: requests });
    const done = async () =>
      (await world.ledger.countEffectsOf('audit')) + (await world.ledger.countEffectsOf('auth'));
    await eventually('some of the work', async () => (await done()) > EVENTS / 5);
    await Promise.all([audit.kill(), auth.kill()]);
    // For a moment nobody handles anything.
    await Promise.all([otherAudit.kill(), otherAuth.kill()]);
    await Promise.all(['audit', 'audit', 'auth'].map((name) => world.service(name)));

    await published;
    expectEnded(await ended, requests);
    await expectHandledOnce(world, 'auth', events);
    await expectHandledOnce(world, 'audit', [...events, ...requests]);
    await expectEmptyStreams(world);
  });

  it('leave no name behind', async () => {
    const killed = await world.service('audit');
    const names = async () => {
      const found = await world.redis.xinfo('CONSUMERS', world.key('{providers}:events'), 'audit');
      return (found as string[][]).map((fields) => fields[1] ?? '');
    };
    const isNamed = async () => (await names()).some((name) => name.includes(`:${killed.pid}:`));
    const client = await world.client();
    await eventually('its name', async () => {
      await client.call('emit', { messages: messages('more', 64) });
      return isNamed();
    });
    await killed.kill();
    await eventually('no name', async () => !(await isNamed()));
  });
});
