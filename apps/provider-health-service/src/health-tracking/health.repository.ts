import { Inject, Injectable } from '@nestjs/common';
import type { FailureClass, ProviderStatusName } from '@gatehouse/provider-health-contracts';
import { type Override, PERMIT_LEASE_MS, type PermitAnswer } from '@gatehouse/provider-health-rules';
import { loadScript, REDIS, type RedisConnection, serverOf, toFields } from '@gatehouse/redis';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { ProviderHealthKeys } from './provider-health-keys.js';
import { readTrackedProvider, type TrackedProvider } from './tracked-provider.js';

const lua = (name: string) => new URL(`../../lua/health-tracking/${name}.lua`, import.meta.url);
const script = (...names: string[]) => loadScript(lua('provider-health'), ...names.map(lua));

const RECORD = script('outcome-counting', 'record-outcomes');
const ACQUIRE = script('acquire-permit');
const MARK = script('mark-provider');
const OVERRIDE = script('override-provider');
const SEED = script('seed-provider');

/** A report with the same outcome id counts once within this time. */
const OUTCOME_ID_MS = 10 * 60 * 1000;
/** A reporter is remembered for so long after its last batch: nobody sends a batch again after that. */
const REPORTER_MS = 24 * 60 * 60 * 1000;
const KEPT_OUTCOMES = 100_000;

export interface ReportedOutcome {
  name: string;
  /** `success`, or the class of the failure. */
  kind: 'success' | FailureClass;
  outcomeId?: string;
  responseTimeMs?: number;
  version?: number;
  permit?: string;
  retryAfterMs?: number;
  message?: string;
}

/** What a script made of a provider, and the time at which Redis did it. */
export interface Reading {
  provider: TrackedProvider;
  now: number;
  /** What others can see of it has changed. */
  changed: boolean;
}

/** What became of a batch: nothing where Redis does not know some of its providers. */
export type Recorded =
  | { missing: string[]; readings?: undefined }
  | { missing?: undefined; readings: Map<string, Reading>; counted: boolean[] };

/** Whoever numbers its outcomes: `sequence` is that of the first of the batch. */
export interface Numbering {
  reporter: string;
  sequence: number;
}

/** The live state of providers in Redis: a hash each, all in one slot with the streams of what becomes of them. */
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
   * Counts outcomes in one step, each once.
   *
   * @param of numbering: of who reports; unknown: names of providers that do not exist, whose outcomes are passed over; now:
   * overrides the clock of Redis, ms since 1970
   */
  async record(
    outcomes: readonly ReportedOutcome[],
    of: { numbering?: Numbering; unknown?: ReadonlySet<string>; now?: number } = {},
  ): Promise<Recorded> {
    const { numbering, unknown, now } = of;
    const names = [...new Set(outcomes.map(({ name }) => name))].filter(
      (name) => unknown?.has(name) !== true,
    );
    const places = new Map(names.map((name, index) => [name, index + 1]));
    const marks: string[] = [];
    const told = outcomes.map((outcome) => {
      const { name, kind, outcomeId, responseTimeMs, version, retryAfterMs, message, permit } = outcome;
      const mark = outcomeId && marks.push(this.keys.outcome(name, outcomeId));
      return {
        ...{ p: places.get(name) ?? 0, k: kind, r: responseTimeMs, v: version, w: retryAfterMs },
        ...{ m: message, t: permit, i: mark },
      };
    });
    const [whole, ...answer] = (await RECORD.run(
      this.redis,
      [
        ...[this.keys.transitions, this.keys.outcomes],
        numbering === undefined ? this.keys.outcomes : this.keys.reporter(numbering.reporter),
        ...names.map((name) => this.keys.health(name)),
        ...marks,
      ],
      [
        ...[now ?? '', names.length, numbering?.sequence ?? '', REPORTER_MS, OUTCOME_ID_MS],
        ...[JSON.stringify(told), KEPT_OUTCOMES],
      ],
    )) as [number, ...unknown[]];
    if (whole === 0) return { missing: (answer as number[]).map((place) => names[place - 1] as string) };
    const [at, counted, ...providers] = answer as [string, string, ...unknown[][]];
    const readings = providers.map((provider) => toReading(at, provider));
    return {
      readings: new Map(readings.map((reading) => [reading.provider.name, reading])),
      counted: [...counted].map((one) => one === '1'),
    };
  }

  /** Asks for a permit. @returns undefined when Redis does not know the provider */
  async acquirePermit(
    name: string,
    permit: string,
    now?: number,
  ): Promise<(Reading & { answer: PermitAnswer }) | undefined> {
    const answer = await ACQUIRE.run(
      this.redis,
      [this.keys.transitions, this.keys.health(name)],
      [now ?? '', permit, PERMIT_LEASE_MS],
    );
    const [at, provider, kind, when] = answer as [string, unknown[], PermitAnswer['kind'], string];
    return at === undefined
      ? undefined
      : { ...toReading(at, provider), answer: toPermitAnswer(kind, when === '' ? undefined : Number(when)) };
  }

  /**
   * @param mark with an id it is done once
   * @returns `done`: false while an override holds; undefined when Redis does not know the provider
   */
  mark(
    name: string,
    { status, responseTimeMs, id }: { status: ProviderStatusName; responseTimeMs?: number; id?: string },
    now?: number,
  ): Promise<Done> {
    return this.command(MARK, name, [now ?? '', status, responseTimeMs ?? '', id ?? '']);
  }

  /** Says that it cannot be called as it is set up. */
  markMisconfigured(name: string, misconfigured: 'auth' | 'quota' | 'key', now?: number): Promise<Done> {
    return this.command(MARK, name, [now ?? '', '', misconfigured]);
  }

  /** Says that its key can be opened, or that it has none. */
  markKeyReadable(name: string, now?: number): Promise<Done> {
    return this.command(MARK, name, [now ?? '', '', 'readable']);
  }

  /** @returns `done`: false when its end has passed; undefined when Redis does not know the provider */
  putOverride(name: string, override: Override, now?: number): Promise<Done> {
    return this.command(OVERRIDE, name, [now ?? '', 'put', JSON.stringify(override)]);
  }

  liftOverride(name: string, now?: number): Promise<Done> {
    return this.command(OVERRIDE, name, [now ?? '', 'lift']);
  }

  /** Ends an override whose time has come. */
  settle(name: string, now?: number): Promise<Done> {
    return this.command(OVERRIDE, name, [now ?? '', 'settle']);
  }

  /** Names of providers whose override is over, or was when Redis was told of it. */
  async overdue(): Promise<string[]> {
    return this.redis.zrangebyscore(this.keys.overrideEnds, '-inf', await this.now());
  }

  /** What Redis knows of the providers, in the order asked; undefined for one that it does not know. */
  async read(names: readonly string[]): Promise<{ providers: (TrackedProvider | undefined)[]; now: number }> {
    const [now, hashes] = await Promise.all([
      this.now(),
      Promise.all(names.map((name) => this.redis.hgetall(this.keys.health(name)))),
    ]);
    const providers = hashes.map((fields) =>
      fields['status'] === undefined ? undefined : readTrackedProvider(fields),
    );
    return { providers, now };
  }

  /** The names of all providers that Redis knows. */
  names(): Promise<string[]> {
    return this.redis.smembers(this.keys.names);
  }

  /** Lays down what is known of a provider, unless Redis knows as much. @param fields as `seedFields` makes them */
  async seed(fields: Record<string, string>, now?: number): Promise<Reading> {
    const answer = await SEED.run(
      this.redis,
      [this.keys.transitions, this.keys.health(fields['name'] ?? ''), this.keys.names],
      [now ?? '', JSON.stringify(fields)],
    );
    const [at, provider] = answer as [string, unknown[]];
    return toReading(at, provider);
  }

  /** Forgets a provider. */
  async remove(name: string): Promise<void> {
    await Promise.all([
      this.redis.del(this.keys.health(name)),
      this.redis.srem(this.keys.names, name),
      this.redis.zrem(this.keys.overrideEnds, name),
    ]);
  }

  private async command(of: typeof MARK, name: string, args: readonly (string | number)[]): Promise<Done> {
    const keys = [this.keys.transitions, this.keys.health(name), this.keys.overrideEnds];
    const answer = (await of.run(this.redis, keys, args)) as [string, unknown[], number];
    const [at, provider, done] = answer;
    return at === undefined ? undefined : { ...toReading(at, provider), done: done === 1 };
  }

  private async now(): Promise<number> {
    const [seconds, microseconds] = await this.server.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  }

  /** The server that decides: nodes of a cluster have a clock each. */
  private get server() {
    return serverOf(this.redis, this.keys.transitions) ?? this.redis;
  }
}

/** What a command made of a provider; undefined when Redis does not know it. */
export type Done = (Reading & { done: boolean }) | undefined;

function toReading(at: string, [changed, ...fields]: unknown[]): Reading {
  const provider = readTrackedProvider(toFields(fields as string[]));
  return { provider, now: Number(at), changed: changed === 1 };
}

function toPermitAnswer(kind: PermitAnswer['kind'], at: number | undefined): PermitAnswer {
  if (kind === 'granted') return { kind, expiresAt: at ?? 0 };
  return kind === 'unneeded' ? { kind } : { kind, ...(at === undefined ? {} : { retryAt: at }) };
}
