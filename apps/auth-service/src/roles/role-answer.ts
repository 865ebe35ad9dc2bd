import { BUILT_IN_ROLE_PERMISSIONS, type Role, type RoleAnswer, ROLES } from '@gatehouse/auth-contracts';

interface OwnRole {
  name: string;
  parent: Role;
  permissions: readonly string[];
  description: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A role of the platform's own as whoever may read roles sees it. */
export const toRole = (role: OwnRole): RoleAnswer => {
  const { name, parent, permissions, description, createdAt, updatedAt } = role;
  return {
    ...{ name, parent, permissions, description, builtIn: false },
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
  };
};

const DESCRIPTIONS: Readonly<Record<Role, string>> = {
  admin: 'May do everything',
  user: 'What everybody who registers is',
  viewer: 'Reads only',
  guest: 'Is signed in, and no more',
};

/** The roles that every installation has, the highest first. */
export const BUILT_IN_ROLES: readonly RoleAnswer[] = ROLES.map((name) => ({
  ...{ name, parent: null, permissions: BUILT_IN_ROLE_PERMISSIONS[name], description: DESCRIPTIONS[name] },
  ...{ builtIn: true, createdAt: null, updatedAt: null },
}));
