import { median } from '../statistics.mjs';

/** What was taken, and the CPU of the service meanwhile. */
export async function withCpu(service, take) {
  const before = await service.cpuSeconds();
  const taken = await take();
  return { ...taken, cpuSeconds: (await service.cpuSeconds()) - before };
}

/** The median of rounds. */
export function figureOf(rounds) {
  const middle = (field) => median(rounds.map((round) => round[field]));
  const [value, p50, p99] = ['perSecond', 'p50', 'p99'].map(middle);
  return { value, p50, p99, cpuSeconds: middle('cpuSeconds'), messages: middle('messages') };
}
