import { median } from '../statistics.mjs';

const common = { group: 'audit' };

/** Sides take turns, round by round, the first of which warms up; the median of the others. */
async function inTurns(rounds, sides) {
  const taken = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const [name, take] of Object.entries(sides)) {
      const value = await take();
      if (round > 0) taken[name].push(value);
    }
  return Object.entries(taken).map(([name, values]) => ({ name, value: median(values) }));
}

/** Events a second that are in the log, by the sequencer alone and end to end, beside the least that keeping them costs. */
export async function compareAppends({ service, producer, rivals }, sizes) {
  const { rounds, roundMs, batch, underWay, singles, sequenced } = sizes;
  const [acked, alone, ...beside] = await inTurns(rounds, {
    'acked-events-per-second': () => producer.ask('appendFor', { ms: roundMs, batch, underWay }),
    'sequenced-events-per-second': () => service.ask('sequence', { count: sequenced }),
    copy: () => rivals.ask('copy', { count: sequenced }),
    'insert-each': () => rivals.ask('insertEach', { count: singles }),
    'typeorm-save': () => rivals.ask('save', { count: singles }),
  });
  const rest = { ...common, better: 'higher', unit: 'events/s', beside };
  return [
    { ...rest, ...acked },
    { ...rest, ...alone },
  ];
}

/** How long an acknowledgement takes while events come at half of the rate that was the most: milliseconds. */
export async function measureAcknowledgements(producer, most, { ackMs }) {
  const { p50, p99 } = await producer.ask('acknowledgements', { ms: ackMs, perSecond: most / 2 });
  return { ...common, better: 'lower', name: 'ack-p99', unit: 'ms', value: p99, p50, p99, beside: [] };
}

/** What a transaction takes that tells an event, beside the same that tells none: microseconds. */
export async function compareProducers(outbox, { rounds, transactions }) {
  const [own, bare] = await inTurns(rounds, {
    'producer-cost': () => outbox.ask('transact', { count: transactions, tells: true }),
    'transaction-alone': () => outbox.ask('transact', { count: transactions, tells: false }),
  });
  return { ...common, better: 'lower', unit: 'µs', ...own, beside: [bare] };
}

export async function measureVerification(verifier, { rounds }) {
  const [own] = await inTurns(rounds, { 'verify-mb-per-second': () => verifier.ask('verify') });
  return { ...common, better: 'higher', unit: 'MB/s', ...own, beside: [] };
}
