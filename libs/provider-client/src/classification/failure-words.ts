import type { FailureClass } from '@gatehouse/provider-health-contracts';

/**
 * Codes and types by which providers name their errors, which say more than the HTTP status: OpenAI's `code`, Anthropic's
 * `error.type`, Google's `status`, the names of AWS' exceptions.
 */
const DECISIVE: Readonly<Record<string, FailureClass>> = {
  insufficient_quota: 'quota',
  quota_exceeded: 'quota',
  billing_error: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  rate_limit_error: 'rate-limited',
  rate_limit_exceeded: 'rate-limited',
  resource_exhausted: 'rate-limited',
  throttlingexception: 'rate-limited',
  authentication_error: 'auth',
  permission_error: 'auth',
  invalid_api_key: 'auth',
  account_deactivated: 'auth',
  unauthenticated: 'auth',
  permission_denied: 'auth',
  overloaded_error: 'overload',
  server_overloaded: 'overload',
  slow_down: 'overload',
  timeout_error: 'timeout',
  deadline_exceeded: 'timeout',
  context_length_exceeded: 'client',
  string_above_max_length: 'client',
  content_filter: 'client',
  content_policy_violation: 'client',
  request_too_large: 'client',
};

/** Such as stand beside many statuses: they decide only where there is none, as in an event inside a stream. */
const GENERAL: Readonly<Record<string, FailureClass>> = {
  invalid_request_error: 'client',
  invalid_argument: 'client',
  not_found_error: 'client',
  api_error: 'server',
  server_error: 'server',
  internal: 'server',
  unavailable: 'overload',
};

const classIn = (table: Readonly<Record<string, FailureClass>>, words: readonly string[]) =>
  words.map((word) => word.toLowerCase()).find((word) => Object.hasOwn(table, word));

export function classOfWords(words: readonly string[], hasStatus: boolean): FailureClass | undefined {
  const decisive = classIn(DECISIVE, words);
  if (decisive !== undefined) return DECISIVE[decisive];
  const general = hasStatus ? undefined : classIn(GENERAL, words);
  return general === undefined ? undefined : GENERAL[general];
}
