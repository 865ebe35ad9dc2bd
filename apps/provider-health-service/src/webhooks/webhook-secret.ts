/** What a secret was sealed for: a ciphertext that was moved to another row does not open. */
export const webhookSecretContext = (of: { id: string; webhook: string }): string =>
  `webhook-secret:${of.webhook}:${of.id}`;
