/** Something does not hold: what was verified is not what was signed. */
export class VerificationFailedError extends Error {
  constructor(
    /** For people. */
    readonly what: string,
    /** The first event that it concerns; undefined where no single one can be named. */
    readonly seq?: number,
    options?: ErrorOptions,
  ) {
    super(seq === undefined ? what : `seq ${seq}: ${what}`, options);
    this.name = 'VerificationFailedError';
  }
}
