/** The first byte of every leaf; canonical JSON follows. */
const LEAF_VERSION = 1;

/** The open fields of an event as its leaf has them: what is personal is sealed in `sealed`. */
export interface LeafEvent {
  readonly id: string;
  readonly category: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor: { readonly type: string; readonly id?: string };
  readonly target?: { readonly type: string; readonly id: string };
  readonly tenant?: string;
  readonly producer: string;
  readonly producerSeq?: number;
  readonly submittedBy: string;
  /** ISO 8601, as its producer sent it. */
  readonly occurredAt: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

/** The bytes are no leaf of the audit log. */
export class MalformedLeafError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'MalformedLeafError';
  }
}

/**
 * What a leaf says.
 *
 * @throws MalformedLeafError
 */
export function readLeafEvent(leaf: Uint8Array): LeafEvent {
  if (leaf[0] !== LEAF_VERSION) throw new MalformedLeafError(`a leaf of version ${leaf[0]} is not known`);
  try {
    const event: unknown = JSON.parse(Buffer.from(leaf.subarray(1)).toString());
    if (isEvent(event)) return event;
  } catch (error) {
    throw new MalformedLeafError('it is not JSON', { cause: error });
  }
  throw new MalformedLeafError('it is not an event');
}

function isEvent(value: unknown): value is LeafEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, actor } = value as Partial<LeafEvent>;
  return typeof id === 'string' && typeof actor === 'object' && actor !== null;
}
