import type { ProviderKeyAnswer } from '@gatehouse/provider-health-contracts';

/** With fewer characters the last four would be too much of it. */
const LEAST_FOR_LAST4 = 16;

export const last4Of = (apiKey: string): string | null =>
  apiKey.length < LEAST_FOR_LAST4 ? null : apiKey.slice(-4);

/** Where a key may be sent: scheme, host and port. */
export const originOf = (baseUrl: string): string => new URL(baseUrl).origin;

/** What a key was sealed for: a ciphertext that was moved to another row, or whose origin was changed, does not open. */
export const keyContext = (of: { provider: string; keyId: string; origin: string }): string =>
  `provider-key:${of.provider}:${of.keyId}:${of.origin}`;

/** What is told of a key. */
export const toKeyAnswer = (key: {
  keyId: string;
  last4: string | null;
  setAt: Date;
}): ProviderKeyAnswer => ({
  keyId: key.keyId,
  ...(key.last4 === null ? {} : { last4: key.last4 }),
  setAt: key.setAt.toISOString(),
});
