import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Every source file in which an error type may be named: `*.error(s).ts`, and the table of statuses. */
const sources = ['apps', 'examples', 'libs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('/src/') && /(\.errors?|\/to-problem)\.ts$/.test(path))
    .map((path) => join(ROOT, folder, path)),
);

const typesInCode = new Set(
  sources.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    const declared = [...text.matchAll(/\btype: '([a-z0-9-]+)'/g)];
    const ofStatus = [...text.matchAll(/^ {2}\d{3}: \['([a-z0-9-]+)'/gm)];
    return [...declared, ...ofStatus].map((match) => match[1] ?? '');
  }),
);

const headings = new Set(
  [...readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(/^### `([a-z0-9-]+)`/gm)].map(
    (match) => match[1] ?? '',
  ),
);

describe('docs/errors.md', () => {
  it('finds error types in the sources', () => {
    expect(typesInCode).toContain('validation-failed');
    expect(typesInCode).toContain('payload-too-large');
  });

  it('has a heading for every error type, and none for a type that is gone', () => {
    expect([...headings].sort()).toEqual([...typesInCode].sort());
  });
});
