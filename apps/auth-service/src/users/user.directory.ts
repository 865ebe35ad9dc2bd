import { Injectable } from '@nestjs/common';
import type { ListUsersQuery, SessionsAnswer, UserAnswer, UsersAnswer } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import { AccountManager } from '../accounts/account.manager.js';
import { SessionDirectory } from '../sessions/session.directory.js';
import { toUser } from './user-answer.js';
import { readUserCursor, writeUserCursor } from './user-cursor.js';

/** Shows admins the users and their sessions. */
@Injectable()
export class UserDirectory {
  constructor(
    private readonly accounts: AccountManager,
    private readonly sessions: SessionDirectory,
  ) {}

  async page({ cursor, limit, ...filter }: ListUsersQuery): Promise<UsersAnswer> {
    const after = cursor === undefined ? undefined : readUserCursor(cursor);
    // One more than is asked for tells whether there is another page.
    const found = await this.accounts.list({ ...filter, after, limit: limit + 1 });
    const items = found.slice(0, limit).map(toUser);
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return { items, nextCursor: more ? writeUserCursor(last.id) : null };
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<UserAnswer> {
    const account = await this.accounts.findById(id);
    if (account === null) throw new NotFoundError();
    return toUser(account);
  }

  /** @throws NotFoundError */
  async sessionsOf(id: string, current: string | undefined): Promise<SessionsAnswer> {
    await this.get(id);
    return { items: await this.sessions.show(id, current) };
  }
}
