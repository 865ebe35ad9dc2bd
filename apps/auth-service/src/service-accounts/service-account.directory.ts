import { Injectable } from '@nestjs/common';
import type {
  ListServiceAccountsQuery,
  ServiceAccountAnswer,
  ServiceAccountsAnswer,
} from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import { toServiceAccount } from './service-account-answer.js';
import { readServiceAccountCursor, writeServiceAccountCursor } from './service-account-cursor.js';
import type { ServiceAccount } from './service-account.entity.js';
import { ServiceAccountRepository } from './service-account.repository.js';
import { ServiceSecretRepository } from './service-secret.repository.js';

/** Shows the service accounts, without the values of their secrets. */
@Injectable()
export class ServiceAccountDirectory {
  constructor(
    private readonly accounts: ServiceAccountRepository,
    private readonly secrets: ServiceSecretRepository,
  ) {}

  async page({ cursor, limit }: ListServiceAccountsQuery): Promise<ServiceAccountsAnswer> {
    const after = cursor === undefined ? undefined : readServiceAccountCursor(cursor);
    // One more than is asked for tells whether there is another page.
    const found = await this.accounts.list({ after, limit: limit + 1 });
    const items = await this.show(found.slice(0, limit));
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return { items, nextCursor: more ? writeServiceAccountCursor(last.id) : null };
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<ServiceAccountAnswer> {
    const account = await this.accounts.find(id);
    const [shown] = account === null ? [] : await this.show([account]);
    if (shown === undefined) throw new NotFoundError();
    return shown;
  }

  private async show(accounts: readonly ServiceAccount[]): Promise<ServiceAccountAnswer[]> {
    const secrets = await this.secrets.of(accounts.map(({ id }) => id));
    return accounts.map((account) =>
      toServiceAccount(
        account,
        secrets.filter(({ accountId }) => accountId === account.id),
      ),
    );
  }
}
