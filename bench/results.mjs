import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/**
 * One figure and the same of its peer, measured in the same run.
 *
 * @typedef {object} Result
 * @property {string} group `transport`
 * @property {string} name `rpc-throughput-64/2-replicas`: what, and after each slash how it differs from the usual setup
 * @property {string} unit
 * @property {'higher' | 'lower'} better
 * @property {number} value the median of the rounds
 * @property {(Figure & { name: string })[]} beside the same of each peer
 * @property {number} [p50] milliseconds
 * @property {number} [p99] milliseconds
 * @property {number} [cpuSeconds] of every process of one round: client, replicas and Redis
 * @property {Record<string, number>} [cores] that each part kept busy: `client`, `replicas`, `redis`
 * @property {number} [messages] of one round
 *
 * @typedef {Pick<Result, 'value' | 'p50' | 'p99' | 'cpuSeconds' | 'cores' | 'messages'>} Figure
 */

/** @returns {Result[]} of the last run, none when there was no run */
export function readResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** Puts what a group has measured in the place of what it had measured before. */
export function mergeResults(results, group, measured) {
  return [...results.filter((result) => result.group !== group), ...measured];
}

export function writeResults(file, results) {
  return writeFormatted(file, JSON.stringify(results.map(rounded)));
}

/** Writes a file as `npm run format` would. */
export async function writeFormatted(file, text) {
  const config = await resolveConfig(file);
  writeFileSync(file, await format(text, { ...config, filepath: file }));
}

/** Five digits: what lies behind them is noise. */
function rounded(value) {
  if (typeof value === 'number') return Number(value.toPrecision(5));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rounded(inner)]));
}
