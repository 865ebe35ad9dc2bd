import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Packages = Record<string, Record<string, unknown>>;

describe('npm run check:lockfile', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockfile-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const sound: Packages = {
    '': { optionalDependencies: { '@server/linux': '1.0.0' } },
    'node_modules/@server/linux': { version: '1.0.0', integrity: 'sha512-a', optional: true },
    'node_modules/fast': {
      version: '2.0.0',
      integrity: 'sha512-b',
      optionalDependencies: { '@fast/linux': '2.0.0', '@fast/darwin': '2.0.0', later: '^1.0.0' },
    },
    'node_modules/@fast/linux': { version: '2.0.0', integrity: 'sha512-c', optional: true },
    'node_modules/fast/node_modules/@fast/darwin': {
      version: '2.0.0',
      integrity: 'sha512-d',
      optional: true,
    },
    'node_modules/later': { version: '1.4.0', integrity: 'sha512-e', optional: true },
    'libs/own': { version: '0.0.0', optionalDependencies: { '@server/linux': '1.0.0' } },
    'node_modules/@gatehouse/own': { resolved: 'libs/own', link: true },
  };

  function check(packages?: Packages): { status: number | null; output: string } {
    const path = join(folder, 'package-lock.json');
    if (packages) writeFileSync(path, JSON.stringify({ lockfileVersion: 3, packages }));
    const args = ['tools/check-lockfile.mjs', ...(packages ? [path] : [])];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  }

  const without = (name: string) => Object.fromEntries(Object.entries(sound).filter(([key]) => key !== name));

  it('passes the lock file of the repository', () => {
    expect(check()).toMatchObject({ status: 0 });
  });

  it('passes a sound one: beside, above or below, by version or range', () => {
    expect(check(sound)).toMatchObject({ status: 0 });
  });

  it.each([
    ['node_modules/@server/linux', 'package.json: optional @server/linux@1.0.0 is not in the lock file'],
    ['node_modules/@fast/linux', 'node_modules/fast: optional @fast/linux@2.0.0 is not in the lock file'],
    ['node_modules/fast/node_modules/@fast/darwin', 'node_modules/fast: optional @fast/darwin@2.0.0 is not'],
    ['node_modules/later', 'node_modules/fast: optional later@^1.0.0 is not in the lock file'],
  ])('names %s when it is missing', (name, sentence) => {
    const { status, output } = check(without(name));
    expect(status).toBe(1);
    expect(output).toContain(sentence);
  });

  it('does not take what another package brought for itself', () => {
    const { status, output } = check({
      ...without('node_modules/@fast/linux'),
      'node_modules/other/node_modules/@fast/linux': { version: '2.0.0', integrity: 'sha512-c' },
    });
    expect(status).toBe(1);
    expect(output).toContain('@fast/linux@2.0.0');
  });

  it('names a platform package of another version than its parent asks for', () => {
    const stale = { version: '1.9.0', integrity: 'sha512-c', optional: true };
    const { status, output } = check({ ...sound, 'node_modules/@fast/linux': stale });
    expect(status).toBe(1);
    expect(output).toContain('optional @fast/linux@2.0.0 is in the lock file as 1.9.0');
  });

  it('does not take an empty one for sound', () => {
    expect(check({})).toMatchObject({ status: 1 });
  });

  it('names an entry that names a host, and one without integrity', () => {
    const hosted = {
      version: '1.4.0',
      integrity: 'sha512-e',
      resolved: 'https://registry.example/later.tgz',
    };
    expect(check({ ...sound, 'node_modules/later': hosted })).toMatchObject({
      status: 1,
      output: expect.stringContaining('names a host: https://registry.example/later.tgz') as string,
    });
    expect(check({ ...sound, 'node_modules/later': { version: '1.4.0' } })).toMatchObject({
      status: 1,
      output: expect.stringContaining('node_modules/later: has no "integrity"') as string,
    });
  });
});
