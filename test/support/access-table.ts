import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccessExplorer, type ExploredHandler } from '@gatehouse/access-control';

/** What each route and message of a running service asks of its callers, in the words of docs/permissions.md. */
export function accessTable(app: {
  get(type: typeof AccessExplorer): AccessExplorer;
}): Record<string, string> {
  const handlers = app.get(AccessExplorer).handlers();
  return Object.fromEntries(
    handlers.flatMap(({ routes, requirement }) => routes.map((route) => [route, wordsOf(requirement)])),
  );
}

/** What docs/permissions.md says of a service: its own table and that of every service. */
export function documentedAccess(service: string): Record<string, string> {
  return { ...tableBelow('Every service'), ...tableBelow(service) };
}

/** The first two columns of the table below a heading. */
export function tableBelow(heading: string): Record<string, string> {
  const [, section = ''] = DOCUMENT.split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`\s*\| ([^|]*?)\s*\|/gm);
  return Object.fromEntries([...rows].map(([, route = '', needs = '']) => [route, needs]));
}

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/permissions.md'), 'utf8');

function wordsOf({ mode, role, permissions, anyPermission }: ExploredHandler['requirement']): string {
  if (mode !== 'required') return mode === 'public' ? 'nothing' : 'nothing, or a valid token';
  const all = permissions.map(quoted).join(' and ');
  const asked = [
    ...(role === undefined ? [] : [role === 'guest' ? 'a user' : `a user of the role ${role} or higher`]),
    ...(all === '' ? [] : [all]),
    ...(anyPermission.length === 0 ? [] : [anyPermission.map(quoted).join(' or ')]),
  ];
  return asked.length === 0 ? 'a valid token' : asked.join(', ');
}

const quoted = (permission: string) => `\`${permission}\``;
