/** Greatest ratio to the peer. */
const LATENCIES = { 'rpc-latency-p50': 1.2, 'rpc-latency-p99': 1.5 };
const NONE = new Set(['lost-at-kill', 'handled-twice-per-1000']);
const SECOND = '/2-replicas';

/** The goal of a result, `{ text, met }`, or undefined when it has none. */
export function goalOf(result, results) {
  const metric = result.name.split('/')[0];
  const peer = result.beside[0]?.value;
  if (NONE.has(metric)) return { text: '0', met: result.value === 0 };
  if (metric in LATENCIES) {
    const most = LATENCIES[metric];
    return { text: `at most ${most} × stock`, met: result.value <= most * peer };
  }
  if (metric !== 'rpc-throughput-64') return undefined;
  if (!result.name.includes(SECOND)) return { text: 'at least stock', met: result.value >= peer };
  const single = results.find(({ name }) => name === result.name.replace(SECOND, ''));
  return single && { text: 'more than with one replica', met: result.value > single.value };
}
