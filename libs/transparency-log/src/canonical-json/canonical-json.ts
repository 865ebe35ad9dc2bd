import canonicalizeModule from 'canonicalize';

// Its types speak of a default export inside the module; the module is the function.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

const DEEPEST = 64;

/** The value has no canonical form (RFC 8785), or none that every reader would read alike. */
export class NotCanonicalError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotCanonicalError';
  }
}

/**
 * Whether every reader reads the value alike, so that its canonical form can be hashed and signed.
 *
 * @throws NotCanonicalError for an integer beyond 2^53, half a surrogate pair, nesting beyond 64 levels, or what is
 *   no JSON
 */
export function assertCanonical(value: unknown): void {
  check(value, 0);
}

/**
 * The one JSON text of a value (RFC 8785) that `assertCanonical` has let through.
 *
 * @throws NotCanonicalError when it is undefined
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new NotCanonicalError('is not JSON');
  return text;
}

function check(value: unknown, depth: number): void {
  if (depth > DEEPEST) throw new NotCanonicalError(`is nested deeper than ${DEEPEST} levels`);
  switch (typeof value) {
    case 'string':
      return checkText(value);
    case 'number':
      return checkNumber(value);
    case 'boolean':
      return;
    case 'object':
      if (value !== null) checkParts(value, depth + 1);
      return;
    default:
      throw new NotCanonicalError(`holds a ${typeof value}, which is not JSON`);
  }
}

function checkParts(value: object, depth: number): void {
  if (Array.isArray(value)) return value.forEach((item) => check(item, depth));
  for (const [name, part] of Object.entries(value)) {
    // No validator and no reader of JSON in this language treats it like another name.
    if (name === '__proto__') throw new NotCanonicalError('has a field named __proto__');
    checkText(name);
    if (part !== undefined) check(part, depth);
  }
}

function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw new NotCanonicalError('holds half a surrogate pair');
}

function checkNumber(value: number): void {
  if (!Number.isFinite(value)) throw new NotCanonicalError('holds a number that is not finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new NotCanonicalError('holds an integer beyond 2^53: send it as a string');
  }
}
