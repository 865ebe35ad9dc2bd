import { readFileSync } from 'node:fs';

/** The value of a variable, or the content of the file that `NAME_FILE` names. */
export function given(env, name) {
  if (env[name]) return env[name];
  const file = env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : undefined;
}

/** A URL without the password in it, for people to read. */
export function withoutPassword(url) {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.href;
}
