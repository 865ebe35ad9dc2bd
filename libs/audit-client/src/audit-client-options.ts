export interface AuditClientOptions {
  /** Who tells the events: the name of the service, e.g. `auth-service`. Also their `context.service`. */
  readonly producer: string;
}
