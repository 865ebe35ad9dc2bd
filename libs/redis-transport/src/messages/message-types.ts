/**
 * Maps from pattern to types, exported by contracts libraries, so that the compiler checks what is sent:
 * `interface AuditRequests { 'audit.append': { payload: AppendEvents; answer: AppendResults } }`.
 */
export type RequestMap<M> = { [P in keyof M]: { payload: unknown; answer: unknown } };

/** `interface ProviderEvents { 'providers.status-changed': StatusChanged }`: from pattern to payload. */
export type MessageMap<M> = { [P in keyof M]: unknown };

/** Any pattern, any payload: where no contract is at hand. */
export type AnyRequests = Record<string, { payload: unknown; answer: unknown }>;
export type AnyMessages = Record<string, unknown>;

/** The patterns of a map. */
export type PatternOf<M> = keyof M & string;
