/** What the private part of a signing key is sealed for. */
export const sealContext = (kid: string): string => `signing-key:${kid}`;
