/** Answers that were had a moment ago, so many at most, the longest unused leaving first. */
export class RecentAnswers<Answer> {
  private readonly answers = new Map<string, { answer: Answer; askedAt: number }>();

  /**
   * @param most how many are kept
   * @param lifetimeMs how long one is good for after it was asked for
   */
  constructor(
    private readonly most: number,
    private readonly lifetimeMs: number,
  ) {}

  get size(): number {
    return this.answers.size;
  }

  /** @param now on the monotonic clock, milliseconds */
  get(key: string, now: number): Answer | undefined {
    const found = this.answers.get(key);
    if (found === undefined) return undefined;
    this.answers.delete(key);
    if (now - found.askedAt >= this.lifetimeMs) return undefined;
    this.answers.set(key, found);
    return found.answer;
  }

  /** @param askedAt on the monotonic clock, milliseconds */
  add(key: string, answer: Answer, askedAt: number): void {
    this.answers.delete(key);
    if (this.most > 0) this.answers.set(key, { answer, askedAt });
    if (this.answers.size <= this.most) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
  }

  delete(key: string): void {
    this.answers.delete(key);
  }
}
