/** audit-service is away, or refuses to answer. */
export class ServiceAnswerError extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.name = 'ServiceAnswerError';
  }
}
