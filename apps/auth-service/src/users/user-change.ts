import type { UpdateUserBody, UserStatus } from '@gatehouse/auth-contracts';

interface Changeable {
  role: string;
  status: UserStatus;
  displayName: string | null;
}

/** What a change of a user comes to. */
export interface UserChange {
  fields: Partial<Changeable>;
  /** What is told of it: nothing when all was so already. */
  events: { action: string; details?: Record<string, unknown> }[];
  /** Whether tokens and sessions of the user are of the past with it. */
  endsSessions: boolean;
  /** Whether an admin that may sign in is none afterwards. */
  removesAdmin: boolean;
}

/** Compares what is asked for with what is. */
export function userChange(user: Changeable, asked: UpdateUserBody): UserChange {
  const { role = user.role, status = user.status, displayName = user.displayName } = asked;
  const change: UserChange = { fields: {}, events: [], endsSessions: false, removesAdmin: false };
  if (displayName !== user.displayName) {
    change.fields.displayName = displayName;
    change.events.push({ action: 'auth.user-updated', details: { changed: ['displayName'] } });
  }
  if (role !== user.role) {
    change.fields.role = role;
    change.events.push({ action: 'auth.role-changed', details: { from: user.role, to: role } });
  }
  if (status !== user.status) {
    change.fields.status = status;
    if (status === 'disabled') change.events.push({ action: 'auth.user-disabled' });
    else change.events.push({ action: 'auth.user-enabled' });
  }
  const mayAdminister = (one: { role: string; status: string }) =>
    one.role === 'admin' && one.status === 'active';
  change.endsSessions = role !== user.role || status !== user.status;
  change.removesAdmin = mayAdminister(user) && !mayAdminister({ role, status });
  return change;
}
