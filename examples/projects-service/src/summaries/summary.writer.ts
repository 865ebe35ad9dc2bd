import { Injectable } from '@nestjs/common';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import type { FailureBody } from '@gatehouse/provider-health-contracts';
import { failureOfAnswer, failureOfError } from './call-failure.js';
import { ProviderHealthClient } from './provider-health.client.js';

const TIMEOUT_MS = 10_000;

/** Has a provider write summaries: asks who is healthy, calls it, and says how that went. */
@Injectable()
export class SummaryWriter {
  constructor(private readonly health: ProviderHealthClient) {}

  /** @throws DependencyUnavailableError when no provider can be asked, or the one that was did not answer well */
  async write(text: string): Promise<{ summary: string; provider: string }> {
    const { name, baseUrl } = await this.health.choose();
    const began = performance.now();
    const answer = await ask(baseUrl, text);
    if ('class' in answer) {
      await this.health.reportFailure(name, answer);
      throw new DependencyUnavailableError(name, { cause: new Error(answer.message) });
    }
    await this.health.reportSuccess(name, { responseTimeMs: Math.round(performance.now() - began) });
    return { summary: answer.summary, provider: name };
  }
}

async function ask(baseUrl: string, text: string): Promise<{ summary: string } | FailureBody> {
  try {
    const response = await fetch(`${baseUrl}/summaries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return failureOfAnswer(response.status, response.headers.get('retry-after'));
    const { summary } = (await response.json()) as { summary: string };
    return { summary };
  } catch (error) {
    return failureOfError(error);
  }
}
