import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SERVICES = ['auth-service', 'provider-health-service', 'audit-service'];
const SOURCES = [...SERVICES.map((name) => `apps/${name}/src`), 'libs/audit-client/src'].map((path) =>
  join(ROOT, path),
);

const actionsInCode = new Set(
  SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  )
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\baction: '([^']*)'/g)])
    .map(([, action = '']) => action),
);

const listed = [...readFileSync(join(ROOT, 'docs/audit-events.md'), 'utf8').matchAll(/^\| `([^`]+)`/gm)].map(
  ([, action = '']) => action,
);

describe('docs/audit-events.md', () => {
  it('lists every action that the services and the guards write, once, and none that is gone', () => {
    expect(listed.sort()).toEqual([...actionsInCode].sort());
  });
});
