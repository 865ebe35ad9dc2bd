import { loginCall } from '../auth/auth-world.mjs';
import { median, percentile, rankTest } from '../statistics.mjs';

/**
 * The time of an answer must not tell which accounts exist. Failed logins of each kind take turns in a new order each time;
 * each kind is compared with that of a wrong password.
 */
export async function compareTimes(world, { comparisons }) {
  const disabled = await world.register(4);
  await world.query(`UPDATE account SET status = 'disabled' WHERE email = ANY($1)`, [disabled]);
  const known = world.accounts.slice(0, 4);
  const kinds = {
    wrong: known.map((email) => loginCall(email, 'a wrong long phrase')),
    unknown: known.map((email) => loginCall(`nobody-${email}`, 'a wrong long phrase')),
    disabled: disabled.map((email) => loginCall(email)),
    empty: known.map((email) => loginCall(email, '')),
  };
  const ask = (rounds) => world.load.ask('compare', { kinds: Object.values(kinds), rounds, status: 401 });
  await ask(Math.ceil(comparisons / 10));
  const times = await ask(comparisons);
  const [wrong, ...others] = times;
  return others.map((each, at) => ({
    group: 'login',
    name: `login-time-difference/${Object.keys(kinds)[at + 1]}`,
    unit: 'ms',
    better: 'lower',
    value: Math.abs(median(each) - median(wrong)),
    ...quantiles(each),
    messages: each.length,
    rank: rankTest(each, wrong),
    beside: [{ name: 'wrong', ...quantiles(wrong), messages: wrong.length }],
  }));
}

/** What the rank test says of one kind, for people. */
export function describeDifference({ name, rank, p10, p50, p90, beside: [wrong] }) {
  const list = ({ p10: low, p50: middle, p90: high }) =>
    [low, middle, high].map((ms) => ms.toFixed(1)).join(', ');
  return (
    `\`${name}\`: its 10th, 50th and 90th percentile are ${list({ p10, p50, p90 })} ms, those of a wrong password ` +
    `${list(wrong)} ms. It takes longer than a wrong password with probability ${rank.probability.toFixed(3)} ` +
    `(0.5: no difference; Mann-Whitney, p = ${rank.pValue.toFixed(3)}).`
  );
}

function quantiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (of) => percentile(sorted, of);
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}
