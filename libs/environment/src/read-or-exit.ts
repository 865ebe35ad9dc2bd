import { EnvironmentError } from './environment.errors.js';

/**
 * Reads the configuration for an entry file. When it cannot be used, the process says why on standard error, without a
 * stack, and leaves with code 78 (`EX_CONFIG`).
 */
export function readOrExit<Environment>(read: () => Environment): Environment {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
