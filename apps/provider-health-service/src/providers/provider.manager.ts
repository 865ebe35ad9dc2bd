import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import type { CreateProviderBody } from '@gatehouse/provider-health-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource } from 'typeorm';
import type { Provider } from './provider.entity.js';
import { ProviderRepository } from './provider.repository.js';
import { ProviderExistsError, UnknownProviderError } from './providers.errors.js';

export type { Provider } from './provider.entity.js';

/** The providers that the platform calls. */
@Injectable()
export class ProviderManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: ProviderRepository,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws ProviderExistsError */
  async create(body: CreateProviderBody, by: Principal, request: RequestContext): Promise<Provider> {
    const provider: Provider = {
      ...body,
      costPerMillionTokens: body.costPerMillionTokens ?? null,
      createdAt: new Date(),
    };
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.providers.insertUnlessThere(manager, provider)))
        throw new ProviderExistsError(body.name);
      await this.audit.enlist(manager).logAdminEvent({
        action: 'provider.created',
        outcome: 'success',
        actor: { type: by.type, id: by.id },
        target: { type: 'provider', id: provider.name },
        details: { kind: provider.kind, baseUrl: provider.baseUrl },
        context: { ...request, sessionId: by.sessionId },
      });
    });
    return provider;
  }

  /** @throws UnknownProviderError */
  async get(name: string): Promise<Provider> {
    const provider = await this.providers.find(name);
    if (provider === null) throw new UnknownProviderError(name);
    return provider;
  }

  /** In the order of their names, after `after`. */
  list(of: { after?: string; tag?: string; limit: number }): Promise<Provider[]> {
    return this.providers.list(of);
  }
}
