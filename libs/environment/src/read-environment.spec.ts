import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EnvironmentError } from './environment.errors.js';
import { readEnvironment } from './read-environment.js';
import { serviceVariables } from './service-variables.js';
import { flag, integer, SAMPLE_SECRET, secret } from './variable-types.js';

const schema = z.object({ KEY: secret(), LIMIT: integer({ min: 1 }).default(15), ON: flag().default(false) });
const KEY = 'k'.repeat(40);

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
};

describe('readEnvironment', () => {
  it('parses, applies defaults and freezes', () => {
    const environment = readEnvironment(schema, { KEY, LIMIT: '7', ON: 'true' });
    expect(environment).toEqual({ KEY, LIMIT: 7, ON: true });
    expect(Object.isFrozen(environment)).toBe(true);
    expect(readEnvironment(schema, { KEY, LIMIT: '' })).toEqual({ KEY, LIMIT: 15, ON: false });
  });

  it('reads a secret from NAME_FILE and drops the newline at its end', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'environment-')), 'key');
    writeFileSync(path, `${KEY}\n`);
    expect(readEnvironment(schema, { KEY_FILE: path }).KEY).toBe(KEY);
  });

  it('reports every problem at once and shows no value', () => {
    const problems = problemsOf(() =>
      readEnvironment(schema, { KEY: 'too-short', LIMIT: 'many', ON: 'yes' }),
    );
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).not.toMatch(/too-short|many/);
  });

  it.each([
    ['a missing secret', {}, /^KEY: is required/],
    ['the sample secret', { KEY: SAMPLE_SECRET }, /^KEY: is the sample value/],
    ['a secret given twice', { KEY, KEY_FILE: '/nowhere' }, /^KEY: set either/],
    ['a file that is not there', { KEY_FILE: '/nowhere/at/all' }, /^KEY_FILE: cannot be read \(ENOENT\)/],
  ])('refuses %s', (_case, source, message) => {
    expect(problemsOf(() => readEnvironment(schema, source))[0]).toMatch(message);
  });

  it('reads what every service reads', () => {
    const environment = readEnvironment(z.object(serviceVariables), {
      ISSUER: 'https://example.test/',
      TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
    });
    expect(environment).toMatchObject({
      ISSUER: 'https://example.test',
      TRUSTED_PROXIES: ['127.0.0.1', '10.0.0.0/8'],
    });
  });
});
