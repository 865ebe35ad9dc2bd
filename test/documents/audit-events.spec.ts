import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'apps/auth-service/src');

const actionsInCode = new Set(
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap((path) => [...readFileSync(join(SOURCES, path), 'utf8').matchAll(/\baction: '([^']*)'/g)])
    .map(([, action = '']) => action),
);

const listed = [...readFileSync(join(ROOT, 'docs/audit-events.md'), 'utf8').matchAll(/^\| `([^`]+)`/gm)].map(
  ([, action = '']) => action,
);

describe('docs/audit-events.md', () => {
  it('lists every action that auth-service writes, once, and none that is gone', () => {
    expect(listed.sort()).toEqual([...actionsInCode].sort());
  });
});
