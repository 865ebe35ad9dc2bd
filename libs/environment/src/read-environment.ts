import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EnvironmentError } from './environment.errors.js';

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's configuration once, at start.
 *
 * Every variable `NAME` of the schema may also come as `NAME_FILE`, the path of a file that holds the value
 * (a mounted secret); a trailing newline of the file is dropped. An empty variable counts as not set.
 *
 * @param schema the variables a service knows; others in `source` are ignored
 * @param source the environment, `process.env` in production
 * @returns the parsed, frozen configuration
 * @throws EnvironmentError that names **every** problem, never a value
 */
export function readEnvironment<S extends z.ZodObject>(schema: S, source: Source): Readonly<z.output<S>> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = readVariable(name, source, problems);
    if (value !== undefined) values[name] = value;
  }
  const result = schema.safeParse(values);
  if (!result.success) {
    for (const issue of result.error.issues) problems.push(`${issue.path.join('.')}: ${issue.message}`);
  }
  if (!result.success || problems.length > 0) throw new EnvironmentError(problems);
  return Object.freeze(result.data);
}

function readVariable(name: string, source: Source, problems: string[]): string | undefined {
  const direct = source[name] || undefined;
  const path = source[`${name}_FILE`] || undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) {
    problems.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    return direct;
  }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch (error) {
    problems.push(
      `${name}_FILE: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    );
    return undefined;
  }
}
