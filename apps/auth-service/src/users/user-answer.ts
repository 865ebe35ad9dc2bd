import type { UserAnswer } from '@gatehouse/auth-contracts';

/** An account as an admin sees it. */
export const toUser = (account: Omit<UserAnswer, 'createdAt'> & { createdAt: Date }): UserAnswer => {
  const { id, email, displayName, role, status, createdAt } = account;
  return { id, email, displayName, role, status, createdAt: createdAt.toISOString() };
};
