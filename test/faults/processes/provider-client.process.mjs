// A process that calls providers: it holds the client of provider-health-service, and reports what became of calls.
import { setClock } from './stepped-clock.mjs';
import { Logger } from '@nestjs/common';
import { openProviderClient } from '@gatehouse/provider-client';
import { options, serve } from './child.mjs';

Logger.overrideLogger(false);
const { redis, token } = options;
const { client, flush } = await openProviderClient({
  ...{ redis, identity: async () => token },
  ...{ localAfterMs: 300, requestTimeoutMs: 2_000 },
});
await client.whenReady();

function record({ name, kind, retryAfter, permit }) {
  const more = permit === undefined ? {} : { permit };
  if (kind === 'success') return client.recordProviderSuccess(name, { responseTimeMs: 20, ...more });
  const after = retryAfter === undefined ? {} : { retryAfter };
  return client.recordProviderFailure(name, { class: kind, ...after, ...more });
}

serve({
  /** Reports calls, with a moment between them. */
  async record({ outcomes, everyMs = 0 }) {
    for (const outcome of outcomes) {
      record(outcome);
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  },
  /** Answers when everything that it reported was answered. */
  async settle() {
    while ((await client.check()).queuedOutcomes > 0) {
      await flush();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  /** What it holds of a provider, in its own memory. */
  known: (name) => ({ ...client.isProviderHealthy(name), ...client.isProviderAvailable(name) }),
  acquire: async (name) => (await client.acquirePermit(name)).permit,
  stepClock: setClock,
});
