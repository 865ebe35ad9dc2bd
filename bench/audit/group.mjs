import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AuditWorld } from './audit-world.mjs';
import {
  compareAppends,
  compareProducers,
  measureAcknowledgements,
  measureVerification,
} from './figures.mjs';
import { goalOf } from './goals.mjs';
import { FULL, QUICK } from './sizes.mjs';

/** What it costs that nothing is lost and everything can be proven. */
export const audit = {
  name: 'audit',
  title: 'events in the audit log, beside bare inserts',
  about: [
    '`acked-events-per-second`: from a producer over the transport into the log and back, in requests of 200 events, 8 under way: ' +
      'judged, personal data sealed, hashed into the tree, indexed, committed.',
    '`sequenced-events-per-second`: the sequencer alone, from events that are ready for it: duplicates, order, tree, indexes, commit.',
    '`copy`, `insert-each`, `typeorm-save`: the same rows into tables with the same columns and indexes in the same database, over ' +
      'one connection as the sequencer has: by `COPY` in transactions of 2,000, by a prepared `INSERT` each, by `save` each. ' +
      'They know no duplicates, no order and no tree.',
    '`ack-p99`: from sending 20 events until their place in the log is known, at half of `acked-events-per-second`.',
    '`producer-cost`: a transaction of one insert that tells an event, beside the same that tells none.',
    '`verify-mb-per-second`: `gatehouse-audit verify` of an export, the start of the process among it.',
  ],
  limits: () => [
    `Producer, service, Redis and PostgreSQL share ${availableParallelism()} cores; what is beside it has them for itself and PostgreSQL.`,
  ],
  goalOf,
  run,
};

async function run({ quick, home, engines, say, signal }) {
  const sizes = quick ? QUICK : FULL;
  return AuditWorld.use({ engines, signal }, async (world) => {
    const { service, database, url, token } = world;
    const producer = await world.start('producer', world.transport);
    const rivals = await world.start('rivals', { database });
    say('  appends');
    const appends = await compareAppends({ service, producer, rivals }, sizes);
    say('  acknowledgements');
    const acks = await measureAcknowledgements(producer, appends[0].value, sizes);
    say('  producers');
    const outbox = await world.start('outbox', { database: await world.createDatabase('producer') });
    const cost = await compareProducers(outbox, sizes);
    say('  verification');
    const verifier = await world.start('verifier', { url, token, file: join(home, 'export.jsonl') });
    return [...appends, acks, cost, await measureVerification(verifier, sizes)];
  });
}
