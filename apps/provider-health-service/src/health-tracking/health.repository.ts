import { Inject, Injectable } from '@nestjs/common';
import type { FailureClass } from '@gatehouse/provider-health-contracts';
import { loadScript, REDIS, type RedisConnection, serverOf, toFields } from '@gatehouse/redis';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { ProviderHealthKeys } from './provider-health-keys.js';
import {
  type ProviderSeed,
  readTrackedProvider,
  seedFields,
  type TrackedProvider,
} from './tracked-provider.js';

const RECORD = loadScript(new URL('../../lua/health-tracking/record-outcome.lua', import.meta.url));
const SEED = loadScript(new URL('../../lua/health-tracking/seed-provider.lua', import.meta.url));

/** A report with the same outcome id counts once within this time. */
const OUTCOME_ID_MS = 10 * 60 * 1000;

export interface ReportedOutcome {
  /** `success`, or the class of the failure. */
  kind: 'success' | FailureClass;
  outcomeId?: string;
  responseTimeMs?: number;
  version?: number;
  retryAfterMs?: number;
  message?: string;
}

/** What was found, and the time at which Redis looked. */
export interface Reading {
  provider: TrackedProvider;
  now: number;
}

/** The live state of providers in Redis: a hash each, all in one slot with the stream of their transitions. */
@Injectable()
export class HealthRepository {
  private readonly keys: ProviderHealthKeys;

  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    environment: ProviderHealthEnvironment,
  ) {
    this.keys = new ProviderHealthKeys(environment.namespace);
  }

  /**
   * Counts an outcome, once, and gives what it made of the provider; undefined when Redis does not know it.
   *
   * @param now overrides the clock of Redis, ms since 1970
   */
  async record(name: string, outcome: ReportedOutcome, now?: number): Promise<Reading | undefined> {
    const { kind, outcomeId, responseTimeMs, version, retryAfterMs, message } = outcome;
    const health = this.keys.health(name);
    const mark = outcomeId === undefined ? health : this.keys.outcome(name, outcomeId);
    const answer = (await RECORD.run(
      this.redis,
      [health, this.keys.transitions, mark],
      [
        ...[kind, responseTimeMs ?? '', version ?? '', retryAfterMs ?? '', message ?? ''],
        ...[outcomeId === undefined ? '' : OUTCOME_ID_MS, now ?? ''],
      ],
    )) as string[];
    const [at, ...fields] = answer;
    if (at === undefined) return undefined;
    return { provider: readTrackedProvider(toFields(fields)), now: Number(at) };
  }

  /** What Redis knows of the providers, in the order asked; undefined for one that it does not know. */
  async read(names: readonly string[]): Promise<{ providers: (TrackedProvider | undefined)[]; now: number }> {
    // The clock of the server that decides: nodes of a cluster have one each.
    const server = serverOf(this.redis, this.keys.transitions) ?? this.redis;
    const [time, hashes] = await Promise.all([
      server.time(),
      Promise.all(names.map((name) => this.redis.hgetall(this.keys.health(name)))),
    ]);
    const providers = hashes.map((fields) =>
      fields['status'] === undefined ? undefined : readTrackedProvider(fields),
    );
    return { providers, now: Number(time[0]) * 1000 + Math.floor(Number(time[1]) / 1000) };
  }

  /** Lays down what is known of a provider, unless Redis knows more. */
  async seed(seed: ProviderSeed): Promise<void> {
    await SEED.run(this.redis, [this.keys.health(seed.name)], seedFields(seed));
  }
}
