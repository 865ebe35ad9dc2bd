/** Bytes of `r` and of `s` in an ES256 signature (RFC 7518 §3.4). */
const HALF = 32;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER = Buffer.from((ORDER >> 1n).toString(16).padStart(64, '0'), 'hex');

/**
 * Whether `s` of an ES256 signature is in the lower half. With `(r, s)` also `(r, n - s)` is a signature of the same key
 * over the same bytes, which anybody can compute: a token would have a second text. auth-service issues the lower one,
 * and no other is accepted.
 */
export function hasLowS(signature: Buffer): boolean {
  return signature.length === 2 * HALF && signature.compare(HALF_ORDER, 0, HALF, HALF, 2 * HALF) <= 0;
}

/** The ES256 token with the lower of the two values that its `s` may have. */
export function withLowS(token: string): string {
  const dot = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(dot + 1), 'base64url');
  return hasLowS(signature) ? token : withOtherS(token);
}

/** The ES256 token with `n - s` in place of `s`. */
export function withOtherS(token: string): string {
  const dot = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(dot + 1), 'base64url');
  const s = BigInt(`0x${signature.subarray(HALF).toString('hex')}`);
  const other = Buffer.from((ORDER - s).toString(16).padStart(2 * HALF, '0'), 'hex');
  return `${token.slice(0, dot)}.${Buffer.concat([signature.subarray(0, HALF), other]).toString('base64url')}`;
}
