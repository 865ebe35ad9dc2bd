import type { FailureClass, HealthCheckResult } from '@gatehouse/provider-health-contracts';
import type { OutboundFailureKind } from '@gatehouse/outbound-guard';

/** What one check found, as it counts. */
export type CheckOutcome = Pick<HealthCheckResult, 'ok' | 'class' | 'message' | 'httpStatus'> & {
  /** As the provider said it. */
  retryAfter?: string;
};

/** The same with what is known of the check; `retryAfter` is for who counts it. */
export type CheckFinding = HealthCheckResult & Pick<CheckOutcome, 'retryAfter'>;

/** An answer counts as one to a caller would, and any other that is not expected as a fault of the provider. */
export function httpOutcome(
  answer: { status: number; retryAfter?: string },
  expected: readonly string[],
): CheckOutcome {
  const { status, retryAfter } = answer;
  if (expected.some((range) => isWithin(status, range))) return { ok: true, httpStatus: status };
  const failureClass = classOfStatus(status);
  return {
    ...{ ok: false, class: failureClass, message: 'unexpected status', httpStatus: status },
    ...(failureClass === 'rate-limited' && retryAfter !== undefined && { retryAfter }),
  };
}

/** Nothing came. What this service refuses to connect to says nothing of the provider. */
export function failureOutcome(kind: OutboundFailureKind, code?: string): CheckOutcome {
  const message = code === undefined ? MESSAGES[kind] : `${MESSAGES[kind]}: ${code}`;
  return { ok: false, class: CLASSES[kind], message };
}

const CLASSES: Readonly<Record<OutboundFailureKind, FailureClass>> = {
  url: 'client',
  address: 'client',
  timeout: 'timeout',
  network: 'network',
  tls: 'network',
  protocol: 'server',
  cancelled: 'cancelled',
};

const MESSAGES: Readonly<Record<OutboundFailureKind, string>> = {
  url: 'the URL is none to ask',
  address: 'the address is not allowed',
  timeout: 'no answer in time',
  network: 'not reached',
  tls: 'not trusted',
  protocol: 'no HTTP',
  cancelled: 'stopped',
};

const OF_THEIR_OWN: Readonly<Record<number, FailureClass>> = {
  401: 'auth',
  402: 'quota',
  403: 'auth',
  408: 'timeout',
  429: 'rate-limited',
  503: 'overload',
  504: 'timeout',
  529: 'overload',
};

/** What asks wrongly (404, 400, …) is a check set up wrongly and takes no provider down. */
function classOfStatus(status: number): FailureClass {
  return OF_THEIR_OWN[status] ?? (status >= 400 && status < 500 ? 'client' : 'server');
}

function isWithin(status: number, range: string): boolean {
  const [from, to = from] = range.split('-').map(Number);
  return from !== undefined && to !== undefined && from <= status && status <= to;
}
