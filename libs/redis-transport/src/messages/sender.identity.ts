import { DependencyUnavailableError, DomainError } from '@gatehouse/problem-details';
import { Inject, Injectable } from '@nestjs/common';
import type { TransportSettings } from '../transport-options.js';
import { TRANSPORT_SETTINGS } from '../transport.tokens.js';

const LONGEST_WAIT_MS = 5_000;

/** Who a message is from, as its `authorization` header says it. */
@Injectable()
export class SenderIdentity {
  constructor(@Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings) {}

  /** Name of this service on the transport. */
  get service(): string {
    return this.settings.service;
  }

  /**
   * @param token of the caller on whose behalf it is sent; without it the service speaks for itself, with `null`
   * nobody does
   * @returns `Bearer …`, or undefined when the service has no identity
   * @throws DependencyUnavailableError when no token is to be had within five seconds
   */
  async authorization(token?: string | null): Promise<string | undefined> {
    if (token === null) return undefined;
    if (token !== undefined) return `Bearer ${token}`;
    if (this.settings.identity === undefined) return undefined;
    try {
      return `Bearer ${await within(LONGEST_WAIT_MS, this.settings.identity())}`;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DependencyUnavailableError('The identity of the service', { cause: error });
    }
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No token within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
