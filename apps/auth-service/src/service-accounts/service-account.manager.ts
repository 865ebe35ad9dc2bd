import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { SuitePermission } from '@gatehouse/auth-contracts';
import { DatabaseConnection } from '@gatehouse/database';
import { StartGate } from '@gatehouse/service-bootstrap';
import { AuthEnvironment } from '../auth.environment.js';
import type { ServiceAccount } from './service-account.entity.js';
import { ServiceAccountRepository } from './service-account.repository.js';

interface SuiteService {
  clientId: string;
  permissions: readonly SuitePermission[];
  secret: string | undefined;
}

/** The accounts of the suite's own services, made from the secrets that auth-service and they are configured with. */
@Injectable()
export class ServiceAccountManager implements OnApplicationBootstrap {
  private readonly logger = new Logger(ServiceAccountManager.name);

  constructor(
    private readonly accounts: ServiceAccountRepository,
    private readonly database: DatabaseConnection,
    private readonly environment: AuthEnvironment,
    private readonly gate: StartGate,
  ) {}

  onApplicationBootstrap(): void {
    const made = this.database.whenReady().then(() => this.provision());
    made.catch((error: unknown) => this.logger.error({ err: error }, 'The service accounts were not made'));
    this.gate.hold('service accounts', made);
  }

  /** The account, when the secret is its own. */
  async authenticate(clientId: string, secret: string): Promise<ServiceAccount | undefined> {
    const account = await this.accounts.find(clientId);
    const matches = timingSafeEqual(hash(secret), account?.secretHash ?? hash(''));
    return account !== null && matches ? account : undefined;
  }

  private async provision(): Promise<void> {
    for (const { clientId, permissions, secret } of this.suiteServices()) {
      if (secret === undefined) continue;
      await this.accounts.upsert({
        ...{ clientId, permissions: [...permissions], secretHash: hash(secret) },
        updatedAt: new Date(),
      });
    }
  }

  private suiteServices(): SuiteService[] {
    const { SERVICE_PROVIDER_HEALTH_SERVICE_SECRET, SERVICE_AUDIT_SERVICE_SECRET } =
      this.environment.variables;
    return [
      {
        clientId: 'provider-health-service',
        permissions: ['audit:write'],
        secret: SERVICE_PROVIDER_HEALTH_SERVICE_SECRET,
      },
      { clientId: 'audit-service', permissions: [], secret: SERVICE_AUDIT_SERVICE_SECRET },
    ];
  }
}

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();
