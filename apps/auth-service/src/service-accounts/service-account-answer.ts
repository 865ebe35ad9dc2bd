import type { ServiceAccountAnswer, ServiceSecretAnswer } from '@gatehouse/auth-contracts';

interface Account {
  id: string;
  name: string;
  permissions: readonly string[];
  builtIn: boolean;
  createdAt: Date;
}

interface Secret {
  id: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** A service account as whoever manages it sees it. */
export const toServiceAccount = (account: Account, secrets: readonly Secret[]): ServiceAccountAnswer => {
  const { id, name, permissions, builtIn, createdAt } = account;
  return {
    ...{ id, clientId: id, name, permissions, builtIn, createdAt: createdAt.toISOString() },
    secrets: secrets.map(toSecret),
  };
};

const toSecret = ({ id, createdAt, lastUsedAt }: Secret): ServiceSecretAnswer => ({
  ...{ id, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null },
});
