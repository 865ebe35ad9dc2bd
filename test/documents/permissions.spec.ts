import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUITE_PERMISSION_DESCRIPTIONS, SUITE_PERMISSIONS } from '@gatehouse/auth-contracts';
import { documentedAccess, tableBelow } from '../support/access-table.js';

const text = readFileSync(join(import.meta.dirname, '../../docs/permissions.md'), 'utf8');
const SERVICES = ['auth-service', 'provider-health-service', 'audit-service'];

/** What the tables ask for, route by route. */
const needs = SERVICES.flatMap((service) => Object.values(documentedAccess(service)));
const asked = new Set(
  needs.flatMap((words) => [...words.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)),
);

describe('docs/permissions.md', () => {
  it("explains the suite's permissions as the catalogue does", () => {
    expect(tableBelow("The suite's own")).toEqual(SUITE_PERMISSION_DESCRIPTIONS);
  });

  it('says which of them no route asks for', () => {
    const unused = [...text.matchAll(/^\| `([^`]+)` .*\| by no route yet/gm)].map(([, name]) => name);
    expect(unused.sort()).toEqual(SUITE_PERMISSIONS.filter((name) => !asked.has(name)).sort());
  });

  it('has routes ask for permissions of the suite or for a user, and for no role', () => {
    expect([...asked].filter((name) => !(name in SUITE_PERMISSION_DESCRIPTIONS))).toEqual([]);
    const others = needs.filter((words) => !/^(nothing|a user|`[^`]+`( (and|or) `[^`]+`)*)$/.test(words));
    // What gateways ask for, their query says.
    expect(others).toEqual(['a valid token']);
  });
});
