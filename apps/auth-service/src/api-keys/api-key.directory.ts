import { Injectable } from '@nestjs/common';
import type { ApiKeyAnswer, ApiKeysAnswer } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import { toApiKey } from './api-key-answer.js';
import { ApiKeyRepository } from './api-key.repository.js';

/** Shows users their API keys, without their values. */
@Injectable()
export class ApiKeyDirectory {
  constructor(private readonly keys: ApiKeyRepository) {}

  async of(ownerId: string): Promise<ApiKeysAnswer> {
    return { items: (await this.keys.of(ownerId)).map(toApiKey) };
  }

  /** @throws NotFoundError, for anybody else's too */
  async get(ownerId: string, id: string): Promise<ApiKeyAnswer> {
    const key = await this.keys.find(ownerId, id);
    if (key === null) throw new NotFoundError();
    return toApiKey(key);
  }
}
