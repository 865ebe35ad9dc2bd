import type { SuitePermission } from '@gatehouse/auth-contracts';

/** A service of the suite: its id is its name. */
export interface SuiteService {
  id: string;
  permissions: readonly SuitePermission[];
  /** The variable that has its secret. */
  variable: 'SERVICE_PROVIDER_HEALTH_SERVICE_SECRET' | 'SERVICE_AUDIT_SERVICE_SECRET';
}

export const SUITE_SERVICES: readonly SuiteService[] = [
  {
    id: 'provider-health-service',
    permissions: ['audit:write'],
    variable: 'SERVICE_PROVIDER_HEALTH_SERVICE_SECRET',
  },
  { id: 'audit-service', permissions: [], variable: 'SERVICE_AUDIT_SERVICE_SECRET' },
];

/** Names that nobody else's service has, so that nobody takes it for one of the suite. */
const RESERVED = new Set(['auth-service', ...SUITE_SERVICES.map(({ id }) => id)]);

export const isReservedName = (name: string): boolean => RESERVED.has(name.toLowerCase());
