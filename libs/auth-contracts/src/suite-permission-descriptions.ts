import type { SuitePermission } from './permission.js';

/** What each permission of the suite lets its holder do, for people who put a role together. */
export const SUITE_PERMISSION_DESCRIPTIONS: Readonly<Record<SuitePermission, string>> = {
  'users:read': 'See users and their sessions',
  'users:write':
    'Make, change and delete users that may do no more than the caller, and reset their passwords',
  'sessions:revoke': 'End all sessions of a user',
  'roles:read': 'See roles and this catalogue',
  'roles:write': 'Make, change and delete roles that may do no more than the caller',
  'signing-keys:manage': 'See, rotate and withdraw signing keys',
  'service-accounts:manage':
    'Make and delete service accounts that may do no more than the caller, and their secrets',
  'auth:introspect': 'Ask about tokens of others, and end them',
  'providers:read': 'See providers, their health and whom to call instead',
  'providers:write': 'Add and change providers',
  'providers:report': 'Report what a call to a provider came to',
  'providers:override': 'Say by hand that a provider is up or down',
  'providers:use-key': "Get a provider's key",
  'audit:read': 'Read the audit trail',
  'audit:write': 'Append to the audit trail',
  'audit:export': 'Export the audit trail',
  'audit:manage': 'Manage what the audit trail keeps',
};
