import 'reflect-metadata';
import { OutboxJournal, SecurityAudit } from '@gatehouse/audit-client';
import type { PasswordResetAnswer } from '@gatehouse/auth-contracts';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { databaseUrl, databaseVariables, EnvironmentError, readEnvironment } from '@gatehouse/environment';
import { Outbox } from '@gatehouse/outbox';
import { NotFoundError } from '@gatehouse/problem-details';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { PasswordResetIssuer } from './account-passwords/password-reset.issuer.js';
import { PasswordRepository } from './account-passwords/password.repository.js';
import { AccountEditor } from './accounts/account.editor.js';
import { Account } from './accounts/account.entity.js';
import { AccountRepository } from './accounts/account.repository.js';

const USAGE = `Usage: gatehouse-auth reset-password EMAIL    makes a token by which the user sets a new password

The token is good once and for an hour; the one before it is worth nothing. Nobody is signed out before it is used.
The database of auth-service is found by AUTH_DATABASE_URL, or by DATABASE_URL as the services find it.
`;

const TIMEOUT_MS = 5_000;

const variables = z.object(databaseVariables('AUTH_DATABASE_URL'));

export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
}

/**
 * `gatehouse-auth`, for an operator with a shell: it needs the database and no running service.
 *
 * @returns the exit code: 0, 1 when there is no such user, 2 when it was called wrongly, 69 when PostgreSQL is away, 78 when
 * the configuration is wrong
 */
export async function runAuthCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: CommandOutput,
): Promise<number> {
  const [command, email, ...rest] = args;
  if (command === '--help') {
    output.out(USAGE);
    return 0;
  }
  if (command !== 'reset-password' || email === undefined || email.startsWith('-') || rest.length > 0) {
    output.err(USAGE);
    return 2;
  }
  try {
    const url = databaseUrl(readEnvironment(variables, env), 'AUTH_DATABASE_URL', 'gatehouse_auth');
    const { token, expiresAt } = await resetPassword(url, email.trim().toLowerCase());
    output.out(
      `Token:    ${token}\nExpires:  ${expiresAt}\nUse it:   POST /v1/auth/password-reset {"token": "…", "newPassword": "…"}\n`,
    );
    return 0;
  } catch (error) {
    return tell(error, output);
  }
}

async function resetPassword(url: string, email: string): Promise<PasswordResetAnswer> {
  const dataSource = new DataSource({
    ...{ type: 'postgres', url, applicationName: 'gatehouse-auth', entities: [Account] },
    // As it connects, TypeORM holds one connection while it asks by another.
    ...{ poolSize: 2, connectTimeoutMS: TIMEOUT_MS, installExtensions: false },
    extra: { statement_timeout: TIMEOUT_MS },
  });
  await dataSource.initialize();
  try {
    const outbox = new Outbox();
    const journal = new OutboxJournal(outbox, dataSource);
    const audit = new SecurityAudit({ producer: 'auth-service' }, journal, outbox);
    const accounts = new AccountEditor(new AccountRepository(dataSource));
    const resets = new PasswordResetIssuer(new PasswordRepository(dataSource), audit);
    return await dataSource.transaction(async (manager) => {
      const { id } = await accounts.lockByEmail(manager, email);
      return resets.issue(manager, id, { actor: { type: 'system', id: 'gatehouse-auth' } });
    });
  } finally {
    await dataSource.destroy();
  }
}

function tell(error: unknown, output: CommandOutput): number {
  if (error instanceof NotFoundError) {
    output.err('There is no user with this email.\n');
    return 1;
  }
  if (error instanceof EnvironmentError) {
    output.err(`${error.message}\n`);
    return 78;
  }
  if (!isDatabaseUnavailable(error)) throw error;
  output.err(`PostgreSQL is away: ${error instanceof Error ? error.message : 'no answer'}\n`);
  return 69;
}
