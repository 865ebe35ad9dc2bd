import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal, RegisterBody, UpdateMeBody } from '@gatehouse/auth-contracts';
import { NotFoundError, ValidationFailedError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuthEnvironment } from '../auth.environment.js';
import { PasswordHasher } from '../passwords/password.hasher.js';
import { refusePassword } from '../passwords/password-policy.js';
import type { Account } from './account.entity.js';
import { AccountRepository } from './account.repository.js';
import { EmailTakenError, RegistrationClosedError } from './accounts.errors.js';

export type { Account } from './account.entity.js';

/** Makes and finds accounts, and checks their passwords. */
@Injectable()
export class AccountManager {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly passwords: PasswordHasher,
    private readonly dataSource: DataSource,
    private readonly audit: SecurityAudit,
    private readonly environment: AuthEnvironment,
  ) {}

  /** @throws RegistrationClosedError, ValidationFailedError (the password), EmailTakenError */
  async register(body: RegisterBody, request: RequestContext): Promise<Account> {
    if (this.environment.variables.REGISTRATION === 'closed') throw new RegistrationClosedError();
    const account = await this.prepareAccount({ ...body, role: 'user' });
    await this.dataSource.transaction(async (manager) => {
      await this.store(manager, account);
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.register',
        outcome: 'success',
        actor: { type: 'user', id: account.id },
        target: { type: 'user', id: account.id },
        context: request,
      });
    });
    return account;
  }

  /**
   * Makes the first admin, unless there has ever been one.
   *
   * @throws EmailTakenError when an account has the email: nobody is promoted
   */
  async createFirstAdmin(of: { email: string; password: string }): Promise<Account | undefined> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await this.accounts.claimFirstAdmin(manager))) return undefined;
      const account = await this.prepareAccount({
        ...of,
        email: of.email.trim().toLowerCase(),
        role: 'admin',
      });
      await this.store(manager, account);
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.register',
        outcome: 'success',
        reason: 'first-admin',
        actor: { type: 'system', id: 'auth-service' },
        target: { type: 'user', id: account.id },
      });
      return account;
    });
  }

  /** The account of the email, when it may sign in. */
  async findToAuthenticate(email: string): Promise<Account | undefined> {
    const account = await this.accounts.findByEmail(email);
    return account?.status === 'active' ? account : undefined;
  }

  /** The account, when the password is its own: for somebody who is signed in already. */
  async confirmPassword(id: string, password: string): Promise<Account | undefined> {
    const account = (await this.accounts.findById(id)) ?? undefined;
    return (await this.passwords.verify(account?.passwordHash, password)) ? account : undefined;
  }

  /** What users change of their own accounts. */
  async updateProfile(user: Principal, body: UpdateMeBody, request: RequestContext): Promise<Account> {
    return this.dataSource.transaction(async (manager) => {
      const account = await this.accounts.lock(manager, user.id);
      if (account === null) throw new NotFoundError();
      const { displayName = account.displayName } = body;
      if (displayName === account.displayName) return account;
      await this.accounts.update(manager, account.id, { displayName });
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.user-updated',
        outcome: 'success',
        actor: { type: 'user', id: user.id },
        target: { type: 'user', id: account.id },
        context: { ...request, sessionId: user.sessionId },
        details: { changed: ['displayName'] },
      });
      return { ...account, displayName };
    });
  }

  /** The account, when it may sign in; it does not change until the transaction ends. */
  async findToSignIn(manager: EntityManager, id: string): Promise<Account | undefined> {
    return (await this.accounts.findActiveForShare(manager, id)) ?? undefined;
  }

  /** The account; it neither changes nor signs in until the transaction ends. */
  async findToChange(manager: EntityManager, id: string): Promise<Account | undefined> {
    return (await this.accounts.lock(manager, id)) ?? undefined;
  }

  /** Ends whatever was begun with the account as it was. @returns the new epoch */
  async raiseEpoch(manager: EntityManager, id: string): Promise<number> {
    const epoch = await this.accounts.raiseEpoch(manager, id);
    if (epoch === undefined) throw new NotFoundError();
    return epoch;
  }

  /** Ends the device tokens of the account; its sessions go on. */
  async endDeviceTokens(manager: EntityManager, id: string): Promise<void> {
    await this.accounts.raiseDeviceEpoch(manager, id);
  }

  /** Whether any account has the role, as the transaction sees it. */
  hasRole(manager: EntityManager, role: string): Promise<boolean> {
    return this.accounts.hasRole(manager, role);
  }

  list(of: Parameters<AccountRepository['list']>[0]): Promise<Account[]> {
    return this.accounts.list(of);
  }

  findById(id: string): Promise<Account | null> {
    return this.accounts.findById(id);
  }

  /**
   * @param path of the field that has the password, for the error
   * @throws ValidationFailedError when the policy refuses it
   */
  async hashNewPassword(password: string, email: string, path = 'password'): Promise<string> {
    const refusal = refusePassword(password, email, this.environment.variables.PASSWORD_MIN_LENGTH);
    if (refusal !== undefined) throw new ValidationFailedError([{ path, message: refusal }]);
    return this.passwords.hash(password);
  }

  /**
   * A new account, not stored yet.
   *
   * @param of without a password, one that nobody knows
   * @throws ValidationFailedError when the password is refused
   */
  async prepareAccount(of: {
    email: string;
    password?: string;
    displayName?: string;
    role: string;
  }): Promise<Account> {
    const { email, password, displayName = null, role } = of;
    const passwordHash =
      password === undefined
        ? await this.passwords.hash(randomBytes(32).toString('base64url'))
        : await this.hashNewPassword(password, email);
    return {
      ...{ id: uuidv7(), email, displayName, role, status: 'active', passwordHash },
      ...{ epoch: 0, deviceEpoch: 0, createdAt: new Date() },
    };
  }

  /** @throws EmailTakenError */
  async store(manager: EntityManager, account: Account): Promise<void> {
    if (!(await this.accounts.insertUnlessTaken(manager, account))) throw new EmailTakenError();
  }
}
