/** What one check of this replica says of the replica's own network. */
export interface CheckSign {
  provider: string;
  /** Something answered, well or badly. */
  reached: boolean;
  /** ms, monotonic. */
  at: number;
  /** For how long it says anything: the provider's interval and a little. */
  validMs: number;
}

/**
 * Whether this replica should doubt itself rather than the providers: of two and more that it has checked lately it reached
 * none. It does so until it reaches one.
 */
export class SelfSuspicion {
  private readonly last = new Map<string, CheckSign>();
  private current = false;

  get suspected(): boolean {
    return this.current;
  }

  /** Notes what a check found. @returns whether it may be believed */
  note(sign: CheckSign): boolean {
    this.last.set(sign.provider, sign);
    if (sign.reached) {
      this.current = false;
      return true;
    }
    for (const [provider, { at, validMs }] of this.last)
      if (sign.at - at > validMs) this.last.delete(provider);
    const signs = [...this.last.values()];
    this.current ||= signs.length >= 2 && signs.every(({ reached }) => !reached);
    return !this.current;
  }
}
