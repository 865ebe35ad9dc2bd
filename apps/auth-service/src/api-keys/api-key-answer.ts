import { apiKeyPrefix } from '@gatehouse/access-control';
import type { ApiKeyAnswer } from '@gatehouse/auth-contracts';

interface Key {
  id: string;
  name: string;
  permissions: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** An API key as its user sees it. */
export const toApiKey = (key: Key): ApiKeyAnswer => ({
  ...{ id: key.id, name: key.name, prefix: apiKeyPrefix(key.id), permissions: key.permissions },
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
});
