import { SUITE_PERMISSIONS } from '@gatehouse/auth-contracts';

const CLIENT_AUTHENTICATION = ['client_secret_basic', 'client_secret_post'] as const;

/** What OAuth clients read of an authorization server (RFC 8414 §2). There is no authorization endpoint: no response types. */
export const authorizationServerMetadata = (issuer: string) => ({
  issuer,
  token_endpoint: `${issuer}/v1/auth/token`,
  introspection_endpoint: `${issuer}/v1/auth/introspect`,
  revocation_endpoint: `${issuer}/v1/auth/revoke`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  grant_types_supported: ['client_credentials'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
  introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
  revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
  /** Permissions are scopes. Those of the suite; platforms have their own beside them. */
  scopes_supported: SUITE_PERMISSIONS,
});

export type AuthorizationServerMetadata = ReturnType<typeof authorizationServerMetadata>;
