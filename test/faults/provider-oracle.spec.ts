import { HealthPolicy } from '@gatehouse/provider-health-contracts';
import { v7 as uuidv7 } from 'uuid';
import { eventuallyHolds } from '../support/eventually.js';
import { AcceptedOutcomes, RETRY_AFTER_MS } from './accepted-outcomes.js';
import type { Child } from './child.js';
import { ProviderFleet } from './provider-fleet.js';
import { scale } from './scale.js';

const PROVIDERS = ['a', 'b', 'c', 'd'];
/** Short times: the same test sees a provider fail, wait, and heal, again and again. */
const POLICY = HealthPolicy.parse({ unhealthySeconds: 1 });
const REPORTERS = 3;
const BY_EACH = scale(600, 6_000);
const OVER_REST = scale(120, 1_200);
const KILLS = scale(2, 20);
const KINDS = ['server', 'timeout', 'network', 'client', 'cancelled', 'rate-limited', 'auth', 'quota'];

interface Call {
  readonly name: string;
  readonly kind: string;
  readonly retryAfter?: number;
}

/** Bad times and good times, the same for every reporter, so that statuses change. */
function someCalls(count: number, seed: number): Call[] {
  return Array.from({ length: count }, (_, n) => {
    const name = PROVIDERS[(n + seed) % PROVIDERS.length] as string;
    const isGood = n % 160 >= 40;
    const kind = isGood ? 'success' : (KINDS[(n + seed) % KINDS.length] as string);
    return { name, kind, ...(kind === 'rate-limited' && { retryAfter: RETRY_AFTER_MS / 1000 }) };
  });
}

function tally(calls: readonly Call[], name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of calls) if (call.name === name) counts[call.kind] = (counts[call.kind] ?? 0) + 1;
  return counts;
}

describe('outcomes that many report while replicas are killed', () => {
  let fleet: ProviderFleet;
  let accepted: AcceptedOutcomes;
  let clients: Child[];

  beforeAll(async () => {
    fleet = await ProviderFleet.start();
    await Promise.all([fleet.replica(), fleet.replica()]);
    for (const name of PROVIDERS) await fleet.create(name, POLICY);
    accepted = new AcceptedOutcomes(fleet.redis.url).begin();
    clients = await Promise.all(Array.from({ length: REPORTERS }, () => fleet.client()));
  });
  afterAll(async () => {
    await accepted.stop();
    await fleet.stop();
  });

  /** Each with an id, and many of them twice, from another replica, while others are on their way. */
  async function reportOverRest(calls: readonly Call[]): Promise<void> {
    const reports = calls.map(({ name, kind, retryAfter }) => ({
      ...{ name, outcomeId: uuidv7(), responseTimeMs: 30 },
      ...(kind === 'success' ? {} : { class: kind }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    }));
    const send = async (some: readonly object[]) => {
      const { status } = await fleet.call('POST', '/v1/providers/outcomes', { outcomes: some });
      expect(status).toBe(200);
    };
    for (let n = 0; n < reports.length; n += 6) {
      const some = reports.slice(n, n + 6);
      await Promise.all([send(some), send(some.toReversed()), send(reports.slice(0, n + 1).slice(-20))]);
    }
    await send(reports.toReversed());
  }

  it('are counted once each, and make of every provider what the rules make of them in the order of Redis', async () => {
    const calls = Array.from({ length: REPORTERS }, (_, index) => someCalls(BY_EACH, index));
    const overRest = [someCalls(OVER_REST, 5), someCalls(OVER_REST, 8)];
    const reported = [
      ...clients.map((client, index) => client.call('record', { outcomes: calls[index], everyMs: 10 })),
      ...overRest.map(reportOverRest),
    ];
    for (let n = 0; n < KILLS; n++) await fleet.replaceReplica();
    await Promise.all(reported);
    await Promise.all(clients.map((client) => client.call('settle')));
    await accepted.haveAll();

    const all = [...calls, ...overRest].flat();
    let changes = 0;
    for (const name of PROVIDERS) {
      const { health, transitions, counts } = accepted.fold(name, POLICY);
      expect(counts).toEqual(tally(all, name));
      changes += transitions.length;
      for (const status of await fleet.statusesOf(name))
        expect(status).toMatchObject({
          ...{ status: health.status, version: health.version },
          ...{ consecutiveFailures: health.failures, consecutiveSuccesses: health.successes },
        });
      await eventuallyHolds(async () => expect(await fleet.historyOf(name)).toEqual(transitions));
      const { success, ...failuresByClass } = counts;
      await eventuallyHolds(async () =>
        expect(await fleet.statisticsOf(name)).toMatchObject({
          ...{ successes: success, failuresByClass, transitions: transitions.length },
          calls: tallied(counts),
        }),
      );
      await eventuallyHolds(async () => {
        for (const known of await fleet.knownOf(name))
          expect(known).toMatchObject({ status: health.status, version: health.version });
      });
    }
    expect(changes).toBeGreaterThan(2 * PROVIDERS.length);
  });
});

const tallied = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0);
