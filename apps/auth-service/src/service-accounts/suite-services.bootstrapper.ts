import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseConnection } from '@gatehouse/database';
import { StartGate } from '@gatehouse/service-bootstrap';
import { SuiteServiceProvisioner } from './suite-service.provisioner.js';

/** Makes the accounts of the suite's own services before this one is ready. */
@Injectable()
export class SuiteServicesBootstrapper implements OnApplicationBootstrap {
  private readonly logger = new Logger(SuiteServicesBootstrapper.name);

  constructor(
    private readonly provisioner: SuiteServiceProvisioner,
    private readonly database: DatabaseConnection,
    private readonly gate: StartGate,
  ) {}

  onApplicationBootstrap(): void {
    const made = this.database.whenReady().then(() => this.provisioner.provision());
    made.catch((error: unknown) => this.logger.error({ err: error }, 'The service accounts were not made'));
    this.gate.hold('service accounts', made);
  }
}
