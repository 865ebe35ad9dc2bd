import { Injectable } from '@nestjs/common';
import { OutboundClient, OutboundFailure, TcpConnector } from '@gatehouse/outbound-guard';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { ProviderKeyUnreadableError } from '../provider-keys/provider-keys.errors.js';
import { ProviderKeys } from '../provider-keys/provider.keys.js';
import { type CheckFinding, type CheckOutcome, failureOutcome, httpOutcome } from './check-outcome.js';
import {
  filledHeaders,
  type HttpCheck,
  httpTarget,
  needsKey,
  type TcpCheck,
  tcpTarget,
} from './check-target.js';
import type { CheckedProvider } from '../providers/checked-provider.js';

/** Of an answer's body so much is waited for, and none of it is kept. */
const MAX_BODY_BYTES = 65_536;

/** Runs checks. What comes back of them is a status at most; what is sent is told to nobody else. */
@Injectable()
export class HealthCheckRunner {
  private readonly http: OutboundClient;
  private readonly tcp: TcpConnector;

  constructor(
    environment: ProviderHealthEnvironment,
    private readonly keys: ProviderKeys,
  ) {
    const guard = { allowPrivate: environment.variables.HEALTH_CHECK_ALLOW_PRIVATE };
    this.http = new OutboundClient(guard);
    this.tcp = new TcpConnector(guard);
  }

  /** What is wrong with the provider, or with the check, is in the result; it rejects when PostgreSQL has the key and is away. */
  async run(provider: CheckedProvider, signal?: AbortSignal): Promise<CheckFinding> {
    const begin = performance.now();
    const outcome = await this.outcome(provider, signal);
    const responseTimeMs = Math.round((performance.now() - begin) * 10) / 10;
    return { name: provider.name, ...outcome, responseTimeMs, at: new Date().toISOString() };
  }

  private async outcome(provider: CheckedProvider, signal?: AbortSignal): Promise<CheckOutcome> {
    const { healthCheck, baseUrl } = provider;
    try {
      if (healthCheck.type === 'http')
        return await this.overHttp(provider.name, healthCheck, baseUrl, signal);
      return await this.overTcp(healthCheck, baseUrl, signal);
    } catch (error) {
      if (error instanceof OutboundFailure) return failureOutcome(error.kind, error.code);
      throw error;
    }
  }

  private async overTcp(check: TcpCheck, baseUrl: string, signal?: AbortSignal): Promise<CheckOutcome> {
    await this.tcp.reach({ ...tcpTarget(check, baseUrl), deadlineMs: check.timeoutMs, signal });
    return { ok: true };
  }

  private async overHttp(
    name: string,
    check: HttpCheck,
    baseUrl: string,
    signal?: AbortSignal,
  ): Promise<CheckOutcome> {
    const url = httpTarget(check, baseUrl);
    const key = needsKey(check) ? await this.keyFor(name, url.origin) : {};
    if (key.missing !== undefined) return { ok: false, class: 'client', message: key.missing };
    const { status, headers } = await this.http.request({
      ...{ url, method: check.method, body: check.body, signal },
      headers: { 'user-agent': 'gatehouse-health-check', ...filledHeaders(check, key.apiKey) },
      ...{ deadlineMs: check.timeoutMs, maxBodyBytes: MAX_BODY_BYTES },
    });
    const retryAfter = headers['retry-after'];
    return httpOutcome(
      { status, ...(typeof retryAfter === 'string' && { retryAfter: retryAfter.slice(0, 64) }) },
      check.expectedStatus,
    );
  }

  /** The provider's key, when it may be sent there. */
  private async keyFor(name: string, origin: string): Promise<{ apiKey?: string; missing?: string }> {
    try {
      const key = await this.keys.open(name);
      if (key === undefined) return { missing: 'the provider has no API key' };
      if (key.origin !== origin) return { missing: 'the API key is for another origin' };
      return { apiKey: key.reveal() };
    } catch (error) {
      if (error instanceof ProviderKeyUnreadableError) return { missing: 'the API key cannot be opened' };
      throw error;
    }
  }
}
