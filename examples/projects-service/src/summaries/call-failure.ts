import type { FailureBody } from '@gatehouse/provider-health-contracts';

/** What provider-health-service is told of a call that the provider answered with an error. */
export function failureOfAnswer(status: number, retryAfter: string | null): FailureBody {
  const message = `the provider answered ${status}`;
  if (status === 429)
    return { class: 'rate-limited', message, ...(retryAfter === null ? {} : { retryAfter }) };
  if (status === 401 || status === 403) return { class: 'auth', message };
  return { class: status >= 500 ? 'server' : 'client', message };
}

/** The same of a call that was not answered. */
export function failureOfError(error: unknown): FailureBody {
  const { name, message = String(error) } = error as Partial<Error>;
  return { class: name === 'TimeoutError' ? 'timeout' : 'network', message: message.slice(0, 200) };
}
