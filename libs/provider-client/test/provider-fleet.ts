import { randomUUID } from 'node:crypto';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DomainErrorFilter } from '@gatehouse/problem-details';
import { NoPermitError, UnknownProviderError } from '@gatehouse/provider-client';
import {
  type HealthPolicy,
  type HealthSnapshot,
  type OutcomesAnswer,
  type ProbePermit,
  type ProviderBroadcasts,
  type ProviderOutcome,
  type ProviderSnapshot,
  type ProviderStatus,
  type RecordOutcomes,
  type SnapshotAnswer,
} from '@gatehouse/provider-health-contracts';
import { availability, type Outcome, recordOutcome } from '@gatehouse/provider-health-rules';
import { Broadcaster, RedisTransportModule, RedisTransportServer } from '@gatehouse/redis-transport';
import {
  freshNamespace,
  removeNamespace,
  type TestRedisSettings,
  testRedisSettings,
} from '../../../test/support/redis.js';
import { aProvider, aSnapshot } from './a-provider.js';

/**
 * What provider-health-service is to its clients, over real Redis, by the same rules: one state, which outlives the service,
 * and any number of replicas.
 */
export class ProviderFleet {
  readonly providers = new Map<string, ProviderSnapshot>();
  /** The permits that are out, by the provider. */
  readonly permits = new Map<string, string>();
  /** Every outcome that was counted, in order. */
  readonly counted: ProviderOutcome[] = [];
  /** Every batch that came, also those that came again. */
  readonly batches: RecordOutcomes[] = [];
  /** Waited for after a batch was counted, before it is answered. */
  held: () => Promise<void> = async () => undefined;
  /** Whether changes are broadcast. */
  tells = true;
  private readonly marks = new Map<string, number>();
  private broadcaster!: Broadcaster<ProviderBroadcasts>;
  private stopService: () => Promise<void> = async () => undefined;

  constructor(
    readonly namespace = freshNamespace('fleet'),
    private readonly redis: TestRedisSettings = testRedisSettings(),
  ) {}

  add(name: string, policy: Partial<HealthPolicy> = {}): void {
    this.providers.set(name, { ...aSnapshot(name), provider: aProvider(name, policy) });
  }

  health(name: string): HealthSnapshot {
    return this.find(name).health;
  }

  async set(name: string, health: Partial<HealthSnapshot>): Promise<void> {
    const found = this.find(name);
    found.health = { ...found.health, revision: found.health.revision + 1, ...health };
    await this.tell(name);
  }

  async remove(name: string): Promise<void> {
    this.providers.delete(name);
    await this.broadcaster.publish('providers.changed', { removed: name });
  }

  async tell(name: string): Promise<void> {
    await this.broadcaster.publish('providers.changed', this.find(name));
  }

  async start(): Promise<void> {
    const snapshot = () => ({ providers: [...this.providers.values()], at: Date.now() });
    const record = (batch: RecordOutcomes) => this.record(batch);
    const permit = (name: string) => this.permit(name);
    const status = (name: string) => this.status(name);
    @Controller()
    class MessagesController {
      @MessagePattern('providers.snapshot')
      snapshot(): SnapshotAnswer {
        return snapshot();
      }

      @MessagePattern('providers.record-outcomes')
      record(@Payload() batch: RecordOutcomes): Promise<OutcomesAnswer> {
        return record(batch);
      }

      @MessagePattern('providers.acquire-permit')
      permit(@Payload() { name }: { name: string }): ProbePermit {
        return permit(name);
      }

      @MessagePattern('providers.status')
      status(@Payload() { name }: { name: string }): ProviderStatus {
        return status(name);
      }
    }
    @Module({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({ service: 'provider-health', redis: this.redis, namespace: this.namespace }),
        }),
      ],
      controllers: [MessagesController],
    })
    class FleetModule {}
    const app = await NestFactory.create(FleetModule, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
    });
    app.useGlobalFilters(new DomainErrorFilter());
    app.connectMicroservice({ strategy: app.get(RedisTransportServer) }, { inheritAppConfig: true });
    await app.startAllMicroservices();
    this.broadcaster = app.get<Broadcaster<ProviderBroadcasts>>(Broadcaster);
    this.stopService = () => app.close();
  }

  async stop(): Promise<void> {
    await this.stopService();
    this.stopService = async () => undefined;
  }

  async end(): Promise<void> {
    await this.stop();
    await removeNamespace(this.namespace);
  }

  private find(name: string) {
    const found = this.providers.get(name);
    if (found === undefined) throw new UnknownProviderError(name);
    return found;
  }

  private async record(batch: RecordOutcomes): Promise<OutcomesAnswer> {
    this.batches.push(batch);
    const { reporter, sequence, outcomes } = batch;
    const mark = this.marks.get(reporter) ?? 0;
    this.marks.set(reporter, Math.max(mark, sequence + outcomes.length - 1));
    const changed = new Set<string>();
    const results = outcomes.map((outcome, index) => {
      const { name } = outcome;
      const found = this.providers.get(name);
      const problem = { type: 'unknown-provider', title: 'There is no such provider', status: 404 };
      if (found === undefined) return { name, accepted: false as const, problem };
      if (sequence + index > mark) {
        this.count(found, outcome);
        changed.add(name);
      }
      const { status, version } = found.health;
      return { name, accepted: true as const, status, version };
    });
    if (this.tells) for (const name of changed) await this.tell(name);
    await this.held();
    return { results };
  }

  private count(found: ProviderSnapshot, outcome: ProviderOutcome): void {
    const before = found.health;
    const { health } = recordOutcome(before, ruled(outcome), Date.now(), found.provider.policy);
    const revision = found.health.revision + 1;
    found.health = { ...health, revision };
    this.counted.push(outcome);
    if (outcome.permit !== undefined && outcome.permit === this.permits.get(outcome.name))
      this.permits.delete(outcome.name);
  }

  private permit(name: string): ProbePermit {
    const found = this.find(name);
    if (found.health.status !== 'unhealthy') return { permit: null, expiresAt: null };
    if (this.permits.has(name)) throw new NoPermitError(name, 1);
    const permit = randomUUID();
    this.permits.set(name, permit);
    return { permit, expiresAt: new Date(Date.now() + 60_000).toISOString() };
  }

  private status(name: string): ProviderStatus {
    const { health } = this.find(name);
    return {
      ...{ name, status: health.status, ...availability(health, Date.now()) },
      ...{ consecutiveFailures: health.failures, consecutiveSuccesses: health.successes },
      ...{ version: health.version, ageMs: 0 },
    };
  }
}

function ruled(outcome: ProviderOutcome): Outcome {
  const { version } = outcome;
  return 'class' in outcome
    ? { kind: 'failure', class: outcome.class, version }
    : { kind: 'success', version };
}
