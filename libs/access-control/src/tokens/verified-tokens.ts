import type { VerificationKey } from '../keys/key-set.js';

/** A token whose signature was found good. */
export interface VerifiedToken {
  key: VerificationKey;
  claims: Readonly<Record<string, unknown>>;
}

/**
 * The tokens whose signatures were found good, by their exact text, the longest unused leaving first. That saves the
 * signature and nothing else: expiry, the key and revocations are looked at on each use.
 */
export class VerifiedTokens {
  private readonly tokens = new Map<string, VerifiedToken>();

  /** @param most how many are kept */
  constructor(private readonly most: number) {}

  get size(): number {
    return this.tokens.size;
  }

  get(token: string): VerifiedToken | undefined {
    const found = this.tokens.get(token);
    if (found === undefined) return undefined;
    // A Map keeps the order of insertion: the first is the longest unused.
    this.tokens.delete(token);
    this.tokens.set(token, found);
    return found;
  }

  add(token: string, verified: VerifiedToken): void {
    if (this.most === 0) return;
    this.tokens.delete(token);
    this.tokens.set(token, verified);
    if (this.tokens.size <= this.most) return;
    const [oldest] = this.tokens.keys();
    if (oldest !== undefined) this.tokens.delete(oldest);
  }

  delete(token: string): void {
    this.tokens.delete(token);
  }
}
