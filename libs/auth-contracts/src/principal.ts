import type { Role } from './role.js';

/** Who makes a request, as its verified token says. */
export interface Principal {
  /** The user's, service account's or API key's id. */
  id: string;
  type: 'user' | 'service' | 'api-key';
  /** Of a user; services and API keys have none and pass permission checks only. */
  role?: string;
  /** The built-in role that it counts as: its own, or the parent of a role of the platform's own. */
  builtInRole?: Role;
  /** What it may do: of a user by its role, of the others their own. */
  permissions: readonly string[];
  /** The session of a user's token. */
  sessionId?: string;
  /** The client that the token was issued to: `gatehouse` for a first-party login, a service's or API key's own id. */
  clientId: string;
  /** The user whose API key it is. */
  ownerId?: string;
}
