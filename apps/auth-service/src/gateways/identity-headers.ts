import type { Principal } from '@gatehouse/auth-contracts';

/** What has more bytes is left out: gateways and servers bound headers. */
const LONGEST = 2_048;

/**
 * What a gateway is told of whom it lets in, for the service behind it. Gatehouse itself never reads such a header: whoever
 * can send one could be anybody.
 */
export function identityHeaders({ id, role, sessionId, permissions }: Principal): Record<string, string> {
  const list = permissions.join(',');
  return {
    'x-auth-subject': id,
    ...(role === undefined ? {} : { 'x-auth-role': role }),
    ...(sessionId === undefined ? {} : { 'x-auth-session': sessionId }),
    ...(Buffer.byteLength(list) > LONGEST ? {} : { 'x-auth-permissions': list }),
  };
}
