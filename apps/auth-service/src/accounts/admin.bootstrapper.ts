import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseConnection } from '@gatehouse/database';
import { ValidationFailedError } from '@gatehouse/problem-details';
import { StartGate } from '@gatehouse/service-bootstrap';
import { AuthEnvironment } from '../auth.environment.js';
import { AccountManager } from './account.manager.js';

/**
 * Makes the first admin from `BOOTSTRAP_ADMIN_EMAIL` and `BOOTSTRAP_ADMIN_PASSWORD`, once in the life of the database: never
 * again after an admin was deleted, and never by promoting an account that exists.
 */
@Injectable()
export class AdminBootstrapper implements OnApplicationBootstrap {
  private readonly logger = new Logger(AdminBootstrapper.name);

  constructor(
    private readonly database: DatabaseConnection,
    private readonly accounts: AccountManager,
    private readonly environment: AuthEnvironment,
    private readonly gate: StartGate,
  ) {}

  onApplicationBootstrap(): void {
    const made = this.database
      .whenReady()
      .then(() => this.bootstrap())
      .catch((error: unknown) => this.sayWhyNot(error));
    this.gate.hold('first admin', made);
  }

  private async bootstrap(): Promise<void> {
    const { BOOTSTRAP_ADMIN_EMAIL: email, BOOTSTRAP_ADMIN_PASSWORD: password } = this.environment.variables;
    if (email === undefined || password === undefined) {
      this.logger.log(
        'No first admin is asked for: set BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD for one',
      );
      return;
    }
    const account = await this.accounts.createFirstAdmin({ email, password });
    if (account !== undefined) this.logger.log(`Made the first admin, account ${account.id}`);
  }

  private sayWhyNot(error: unknown): void {
    const refusal = error instanceof ValidationFailedError ? error.errors?.[0]?.message : undefined;
    if (refusal === undefined) this.logger.error({ err: error }, 'The first admin was not made');
    else this.logger.error(`The first admin was not made: BOOTSTRAP_ADMIN_PASSWORD ${refusal}`);
  }
}
