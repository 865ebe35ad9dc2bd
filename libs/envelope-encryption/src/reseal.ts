import { type Keyring, UnsealError } from './keyring.js';

/** A sealed value where it is kept. */
export interface SealedValue {
  /** What it is found by; pages are in the order of ids. */
  id: string;
  sealed: string;
  /** What it was sealed for. */
  context: string;
}

/** Where sealed values are kept. */
export interface SealedValues {
  /** The next values after this id, a bounded number; none at the end. */
  page(after: string): Promise<SealedValue[]>;
  /** Replaces the value, unless it is another by now. @returns whether it did */
  replace(id: string, sealed: string, by: string): Promise<boolean>;
}

export interface ResealCounts {
  resealed: number;
  /** Sealed by the first secret already. */
  current: number;
  /** Somebody changed it meanwhile, and has sealed it by the first secret of theirs. */
  changed: number;
  /** No secret of the keyring opens it: it was left as it is. */
  unreadable: number;
}

/**
 * Seals anew what was not sealed by the first secret of the keyring. Whoever reads and writes the values meanwhile is not
 * disturbed: each is replaced in one step, and only when it is still what was read. It may be stopped anywhere and run again,
 * until nothing is resealed and nothing changed; then the other secrets are needed no more.
 */
export async function resealAll(keyring: Keyring, values: SealedValues): Promise<ResealCounts> {
  const counts = { resealed: 0, current: 0, changed: 0, unreadable: 0 };
  for (let page = await values.page(''); page.length > 0; page = await values.page(page.at(-1)?.id ?? ''))
    for (const value of page) counts[await resealOne(keyring, values, value)]++;
  return counts;
}

async function resealOne(
  keyring: Keyring,
  values: SealedValues,
  { id, sealed, context }: SealedValue,
): Promise<keyof ResealCounts> {
  try {
    const plaintext = keyring.open(sealed, context);
    if (keyring.isCurrent(sealed)) return 'current';
    return (await values.replace(id, sealed, keyring.seal(plaintext, context))) ? 'resealed' : 'changed';
  } catch (error) {
    if (error instanceof UnsealError) return 'unreadable';
    throw error;
  }
}
