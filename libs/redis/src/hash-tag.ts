/** The part of a key by which a cluster chooses its node: what is between the first braces, else all of it. */
export function hashTagOf(key: string): string {
  return /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key;
}

/** @throws TypeError when a cluster could keep the keys on different nodes, where no script reaches all of them */
export function demandOneHashTag(keys: readonly string[]): void {
  const [first, ...others] = keys;
  if (first === undefined || others.length === 0) return;
  const tag = hashTagOf(first);
  const stranger = others.find((key) => hashTagOf(key) !== tag);
  if (stranger !== undefined)
    throw new TypeError(`The keys of a script share one hash tag: ${first} and ${stranger} do not`);
}
