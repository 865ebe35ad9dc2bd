import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder that holds everything the launcher writes. */
export function homeOf(env = process.env) {
  return env.GATEHOUSE_HOME
    ? resolve(env.INIT_CWD ?? process.cwd(), env.GATEHOUSE_HOME)
    : resolve(root, '.gatehouse');
}

/** Reads `.env` at the root, when there is one, for what the environment does not say. */
export function loadDotEnv() {
  const path = resolve(root, '.env');
  if (existsSync(path)) process.loadEnvFile(path);
}
