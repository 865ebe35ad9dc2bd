import { KnownProviders } from './known-providers/known-providers.js';
import { ProviderFeed } from './known-providers/provider.feed.js';
import { ResponseTimeFeed } from './known-providers/response-time.feed.js';
import { ProviderView } from './known-providers/provider-view.js';
import { LocalOperation } from './local-operation/local-operation.js';
import { PermitBroker } from './local-operation/permit.broker.js';
import { OutcomeQueue } from './outcomes/outcome-queue.js';
import { OutcomeIntake } from './outcomes/outcome.intake.js';
import { OutcomeReporter } from './outcomes/outcome.reporter.js';
import { clientLimits, type ProviderClientOptions } from './provider-client-options.js';
import { ProviderClientMetrics } from './provider-client.metrics.js';
import { ProviderHealthClient } from './provider-health.client.js';
import { ProviderKeyClient } from './provider-keys/provider-key.client.js';
import { ProviderServiceConnection } from './provider-service.connection.js';

/** What a process without `ProviderClientModule` has of it. */
export interface OpenProviderClient {
  client: ProviderHealthClient;
  keys: ProviderKeyClient;
  metrics: ProviderClientMetrics;
  /** Reports what waits, for `flushMs` and no longer. */
  flush(): Promise<void>;
  /** Reports what waits, as `flush`, and then forgets provider-health-service and closes what was opened for it. */
  close(): Promise<void>;
}

/**
 * For a worker, a script, a test: everything that `ProviderClientModule` gives, and nothing of Nest's. Redis may be away.
 *
 * @throws TypeError when the options are wrong
 */
export async function openProviderClient(
  options: ProviderClientOptions,
  given?: ProviderServiceConnection,
): Promise<OpenProviderClient> {
  const limits = clientLimits(options);
  const connection = given ?? (await ProviderServiceConnection.open(options, limits.requestTimeoutMs));
  const known = new KnownProviders();
  const queue = new OutcomeQueue(limits.maxQueuedOutcomes);
  const local = new LocalOperation(known, queue);
  const snapshot = () => connection.ask('providers.snapshot', {});
  const feed = new ProviderFeed(connection.receiver, known, snapshot, local);
  const responseTimes = new ResponseTimeFeed(
    known,
    () => connection.ask('providers.response-times', {}),
    limits.responseTimesEveryMs,
  );
  responseTimes.start();
  const metrics = new ProviderClientMetrics({
    ageMs: () => feed.ageMs(),
    isLocal: () => local.isOn,
    queued: () => queue.unsettled().length,
  });
  const { batchMs, batchSize, localAfterMs, flushMs } = limits;
  const now = () => feed.now();
  const reporter = new OutcomeReporter(
    queue,
    {
      ...{ batchMs, batchSize, answerWithinMs: localAfterMs, now },
      send: (batch) => connection.ask('providers.record-outcomes', batch),
    },
    {
      recorded: (queued) => local.recorded(queued),
      unanswered: () => local.unanswered(),
      // A snapshot that is read now holds every outcome that this process has counted by itself.
      answered: () => void (local.answered() && feed.refresh()),
      delivered: (count) => metrics.countDelivered(count),
      dropped: (reason, count) => metrics.countDropped(reason, count),
    },
  );
  const view = new ProviderView(known, local, feed, limits.staleAfterMs);
  const permits = new PermitBroker(view, local, connection);
  const intake = new OutcomeIntake(reporter, known, local, permits.local, now);
  const client = new ProviderHealthClient(view, permits, intake, connection, {
    whenReady: () => feed.whenLoaded(),
    check: async () => {
      if (!feed.isLoaded) throw new Error('the providers were never loaded');
      return { ...view.age(local.isOn), providers: known.all.size, queuedOutcomes: queue.unsettled().length };
    },
  });
  const keyIdOf = (name: string) => view.find(name).snapshot.provider.keyId;
  const keys = new ProviderKeyClient(keyIdOf, connection, limits.keepKeysMs);
  return {
    ...{ client, keys, metrics },
    flush: () => reporter.flush(flushMs),
    close: async () => {
      keys.close();
      await reporter.stop(flushMs);
      responseTimes.stop();
      await feed.stop();
      await connection.close();
    },
  };
}
