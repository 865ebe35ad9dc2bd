/** The first connection has not been made yet, or the last one has been closed; `isDatabaseUnavailable` knows it. */
export class DatabaseNotReadyError extends Error {
  constructor() {
    super('The database is not connected yet');
    this.name = 'DatabaseNotReadyError';
  }
}
