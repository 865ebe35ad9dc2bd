import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuthEnvironment } from '../auth.environment.js';
import { ServiceAccountRepository } from './service-account.repository.js';
import { ServiceSecretManager } from './service-secret.manager.js';
import { SUITE_SERVICES, type SuiteService } from './suite-services.js';

/** Makes the accounts of the suite's own services from the secrets that auth-service and they are configured with. */
@Injectable()
export class SuiteServiceProvisioner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: ServiceAccountRepository,
    private readonly secrets: ServiceSecretManager,
    private readonly environment: AuthEnvironment,
  ) {}

  /** A service whose secret is not configured stays as it is. */
  async provision(): Promise<void> {
    for (const service of SUITE_SERVICES) {
      const secret = this.environment.variables[service.variable];
      if (secret !== undefined) await this.provisionOne(service, secret);
    }
  }

  private async provisionOne({ id, permissions }: SuiteService, secret: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const account = { id, name: id, permissions: [...permissions], builtIn: true, epoch: 0 };
      const isNew = await this.accounts.insertUnlessTaken(manager, { ...account, createdAt: new Date() });
      await this.accounts.lock(manager, id);
      if (!isNew) await this.accounts.setPermissions(manager, id, account.permissions);
      await this.secrets.replaceAll(manager, id, secret);
    });
  }
}
