import { AUDIT_SERVICE } from '@gatehouse/audit-contracts';

/** Its name in logs, and as the producer of the events that it tells itself. */
export const SERVICE_NAME = 'audit-service';

export const TRANSPORT_NAME = AUDIT_SERVICE;
