import type { Principal } from '@gatehouse/auth-contracts';

/** Who submitted an event, as the log records it: the client of a service, else the user or API key itself. */
export function submitterOf({ type, id, clientId }: Principal): string {
  return type === 'service' ? clientId : id;
}
