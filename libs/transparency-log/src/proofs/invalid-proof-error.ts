/** The proof does not show what it is to show; the message says why. */
export class InvalidProofError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'InvalidProofError';
  }
}
