/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** `Algorithm.Argon2id` of `@node-rs/argon2`, `argon2id` of `argon2`: both write the same PHC string. */
const ARGON2ID = 2;

/** argon2id by whichever of two bindings runs on this machine. */
export interface Argon2Binding {
  name: string;
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** `@node-rs/argon2`, which takes half the CPU, where its binary runs; else `argon2`. */
export async function loadArgon2(): Promise<Argon2Binding> {
  try {
    return await loadNodeRs();
  } catch {
    return loadNodeArgon2();
  }
}

export async function loadNodeRs(): Promise<Argon2Binding> {
  const { hash, verify } = await import('@node-rs/argon2');
  return {
    name: '@node-rs/argon2',
    hash: (password) => hash(password, { ...PARAMETERS, algorithm: ARGON2ID }),
    verify: (phc, password) => verify(phc, password),
  };
}

export async function loadNodeArgon2(): Promise<Argon2Binding> {
  const { default: argon2 } = await import('argon2');
  return {
    name: 'argon2',
    hash: (password) => argon2.hash(password, { ...PARAMETERS, type: ARGON2ID }),
    verify: (phc, password) => argon2.verify(phc, password),
  };
}
