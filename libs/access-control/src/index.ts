export {
  AmbiguousCredentialsError,
  InsufficientPermissionError,
  InsufficientRoleError,
  RevocationsUnknownError,
  UnauthenticatedError,
} from './access-control.errors.js';
export { type AccessControlAsyncOptions, AccessControlModule } from './access-control.module.js';
export type { AccessControlOptions } from './access-control-options.js';
export {
  AdminOnly,
  OptionalAuth,
  Public,
  RequireAnyPermission,
  RequirePermission,
  Roles,
} from './guards/access.decorators.js';
export { AccessExplorer, type ExploredHandler } from './guards/access.explorer.js';
export type { AccessRequirement } from './guards/access-requirement.js';
export { ACCESS_TOKEN_TYPE, type AccessTokenClaims, refusalOf } from './tokens/access-token-claims.js';
export { ACCESS_TOKEN_STRATEGY, AccessTokenStrategy } from './tokens/access-token.strategy.js';
export { API_KEY_DOCUMENT_TYPE } from './api-keys/api-key-document.js';
export { apiKeyDigest, apiKeyPrefix, newApiKey, readApiKeyId } from './api-keys/api-key-text.js';
export { ApiKeyVerifier } from './api-keys/api-key.verifier.js';
export { AccessTokenVerifier } from './tokens/access-token.verifier.js';
export { AuthServiceConnection } from './auth-service.connection.js';
export { AuthenticationGuard } from './guards/authentication.guard.js';
export {
  type CompactHeader,
  type CompactJws,
  readCompactHeader,
  readCompactJws,
} from './tokens/compact-jws.js';
export { isSignedBy } from './tokens/jws-signature.js';
export { sharedSecretKey, type TokenAlgorithm, type VerificationKey } from './keys/key-set.js';
export { withLowS } from './tokens/low-s.js';
export { NextRun } from './next-run.js';
export { CurrentAdmin, CurrentUser } from './guards/current-user.decorators.js';
export { type OpenAccessControl, openAccessControl } from './access-control.opener.js';
export { originOfContext, principalOfContext } from './guards/request.carrier.js';
export { PermissionManager } from './permissions/permission.manager.js';
export { PermissionsGuard } from './guards/permissions.guard.js';
export { RolesGuard } from './guards/roles.guard.js';
export { ServiceTokens, type ServiceTokensOptions } from './tokens/service.tokens.js';
export { VerificationKeys } from './keys/verification.keys.js';
export { REFUSAL_RECORDER } from './access-control.tokens.js';
export type { AccessRefusal, AccessRule, RefusalRecorder } from './guards/refusal-recorder.js';
export { AccessControlMetrics } from './access-control.metrics.js';
export { AccessSignal } from './live-access/access-signal.decorator.js';
export { AccessWatch } from './live-access/access.watch.js';
export { RevocationFeed, type RevocationSnapshot } from './revocations/revocation.feed.js';
export { RevocationGate } from './revocations/revocation.gate.js';
export { RevocationSet } from './revocations/revocation-set.js';
export { REVOCATIONS_TYPE } from './revocations/signed-revocations.js';
export type { StalenessPolicy } from './revocations/revocation-staleness.js';
export { PERMISSION_MAP_TYPE } from './roles/permission-map-document.js';
export { RoleCatalogue } from './roles/role.catalogue.js';
export { RoleSet } from './roles/role-set.js';
