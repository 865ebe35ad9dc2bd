import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

interface Manifest {
  dependencies?: object;
  devDependencies?: object;
  optionalDependencies?: object;
}

const manifests = [
  '',
  ...['apps', 'examples', 'libs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => join(folder, name)),
  ),
]
  .map((path) => join(ROOT, path, 'package.json'))
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Manifest);

const used = manifests
  .flatMap(({ dependencies = {}, devDependencies = {}, optionalDependencies = {} }) =>
    [dependencies, devDependencies, optionalDependencies].flatMap((list) => Object.keys(list)),
  )
  .filter((name) => !name.startsWith('@gatehouse/'));

/** The first column of the tables; `@types/*` stands for all of its scope. */
const explained = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

const explains = (entry: string, name: string) =>
  entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry;

describe('docs/dependencies.md', () => {
  it('says of each dependency why it is there', () => {
    expect([...new Set(used)].filter((name) => !explained.some((entry) => explains(entry, name)))).toEqual(
      [],
    );
  });

  it('says it of none that is gone', () => {
    expect(explained.filter((entry) => !used.some((name) => explains(entry, name)))).toEqual([]);
  });
});
