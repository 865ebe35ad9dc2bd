export { ChangePasswordBody, type PasswordResetAnswer, ResetPasswordBody, UpdateMeBody } from './account.js';
export {
  ApiKeyAnswer,
  ApiKeyFacts,
  ApiKeyId,
  ApiKeysAnswer,
  CreateApiKeyBody,
  CreatedApiKeyAnswer,
  VerifyApiKey,
  type VerifyApiKeyAnswer,
} from './api-key.js';
export {
  BUILT_IN_ROLE_PERMISSIONS,
  commonPermissions,
  grants,
  type Permission,
  SUITE_PERMISSIONS,
  type SuitePermission,
} from './permission.js';
export { VerifyAccessQuery } from './gateway-verification.js';
export type { Principal } from './principal.js';
export {
  AskPermissionMap,
  type AuthRequests,
  EndSessions,
  GetSession,
  type GetSessionAnswer,
  ListRevocations,
  type RevocationPage,
  VerifyToken,
  type VerifyTokenAnswer,
} from './auth-requests.js';
export type { AuthBroadcasts, Revocation } from './revocation.js';
export {
  CreateServiceAccountBody,
  EndServiceSecretQuery,
  GrantedPermission,
  ListServiceAccountsQuery,
  ServiceAccountAnswer,
  ServiceAccountId,
  ServiceAccountsAnswer,
  ServiceAccountSecretAnswer,
  ServiceSecretAnswer,
  ServiceSecretId,
} from './service-account.js';
export { type LogoutAllAnswer, LogoutAllBody, type SessionAnswer, type SessionsAnswer } from './session.js';
export {
  hasRole,
  isRole,
  type PermissionMap,
  type Role,
  ROLE_LEVELS,
  type RoleDefinition,
  ROLES,
} from './role.js';
export {
  PermissionAnswer,
  PermissionsAnswer,
  PutRoleBody,
  RoleAnswer,
  RoleName,
  RolesAnswer,
} from './role-definition.js';
export type { SigningKeyAnswer, SigningKeysAnswer } from './signing-key.js';
export {
  type AccountAnswer,
  LoginBody,
  type LoginAnswer,
  type MeAnswer,
  RefreshBody,
  RegisterBody,
  type TokenPair,
} from './sign-in.js';
export { SUITE_PERMISSION_DESCRIPTIONS } from './suite-permission-descriptions.js';
export {
  CreateUserBody,
  type CreatedUserAnswer,
  ListUsersQuery,
  UpdateUserBody,
  USER_STATUSES,
  type UserAnswer,
  UserId,
  type UsersAnswer,
  type UserStatus,
} from './user.js';
