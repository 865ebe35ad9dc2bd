import { Injectable } from '@nestjs/common';
import { BatchedHousekeeper } from '@gatehouse/database';
import { PasswordRepository } from './password.repository.js';

/** Clears reset tokens that nobody redeemed: nothing is kept of what is of no use. */
@Injectable()
export class PasswordResetHousekeeper extends BatchedHousekeeper {
  constructor(private readonly passwords: PasswordRepository) {
    super();
  }

  protected remove(most: number): Promise<number> {
    return this.passwords.clearExpiredResets(most);
  }
}
