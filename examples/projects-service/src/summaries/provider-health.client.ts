import { Injectable, Logger } from '@nestjs/common';
import { ServiceTokens } from '@gatehouse/access-control';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import type {
  FailureBody,
  HealthyProvider,
  ProviderAnswer,
  SuccessBody,
} from '@gatehouse/provider-health-contracts';
import { v7 as uuidv7 } from 'uuid';
import { ProjectsEnvironment } from '../projects.environment.js';

const TIMEOUT_MS = 3_000;

/** provider-health-service, asked in this service's own name. */
@Injectable()
export class ProviderHealthClient {
  private readonly logger = new Logger(ProviderHealthClient.name);

  constructor(
    private readonly environment: ProjectsEnvironment,
    private readonly tokens: ServiceTokens,
  ) {}

  /** The first of the providers that is healthy, else the first that may be called. @throws DependencyUnavailableError */
  async choose(): Promise<ProviderAnswer> {
    const among = this.environment.variables.PROJECTS_PROVIDERS.join(',');
    const { name } = await this.call<HealthyProvider>('GET', `healthy?among=${encodeURIComponent(among)}`);
    return this.call<ProviderAnswer>('GET', name);
  }

  /** Never fails: that a report is lost is no reason to refuse the caller. */
  async reportSuccess(name: string, outcome: SuccessBody): Promise<void> {
    await this.report(`${name}/successes`, outcome);
  }

  async reportFailure(name: string, outcome: FailureBody): Promise<void> {
    await this.report(`${name}/failures`, outcome);
  }

  private async report(path: string, outcome: SuccessBody | FailureBody): Promise<void> {
    try {
      await this.call('POST', path, { outcomeId: uuidv7(), ...outcome });
    } catch (error) {
      this.logger.warn({ err: error }, 'An outcome was not reported');
    }
  }

  private async call<Answer>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const token = await this.tokens.token();
    let response;
    try {
      response = await fetch(`${this.environment.providerHealthUrl}/v1/providers/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body && JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.ok) return (await response.json()) as Answer;
    } catch (error) {
      throw new DependencyUnavailableError('provider-health-service', { cause: error });
    }
    // The account was changed, or its tokens were ended: the next call asks for another token.
    if (response.status === 401) this.tokens.forget(token);
    const cause = new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    throw new DependencyUnavailableError('provider-health-service', { cause });
  }
}
