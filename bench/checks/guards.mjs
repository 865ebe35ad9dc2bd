import { fileURLToPath } from 'node:url';
import { MeasuredProcess } from '../measured-process.mjs';
import { median } from '../statistics.mjs';

const GUARDS = fileURLToPath(new URL('guards.process.mjs', import.meta.url));
const SIDES = ['role-and-permission', 'with-token', 'empty-guard', 'casbin', 'casbin-cached'];

/** A request that is let in: nanoseconds in the guards, beside the same question to others. */
export async function compareGuards({ rounds, calls, signal }) {
  const guards = await MeasuredProcess.start(GUARDS, {}, { signal });
  const taken = Object.fromEntries(SIDES.map((side) => [side, []]));
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const side of SIDES) {
      const ns = await guards.ask('time', { side, calls: side === 'casbin' ? Math.ceil(calls / 10) : calls });
      if (round > 0) taken[side].push(ns);
    }
  }
  await guards.end();
  const of = (name) => ({ name, value: median(taken[name]) });
  const result = (name, side, beside) => ({
    ...{ group: 'checks', unit: 'ns', better: 'lower', name },
    ...{ value: of(side).value, beside: beside.map(of) },
  });
  return [
    result('guard-role-permission', 'role-and-permission', ['empty-guard', 'casbin', 'casbin-cached']),
    result('guard-role-permission/with-token', 'with-token', ['empty-guard', 'casbin', 'casbin-cached']),
  ];
}
