import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Loaded by another package rather than imported: what `typeorm` needs for PostgreSQL, what Nest and swagger load. */
const LOADED_BY_OTHERS = new Set([
  'passport',
  'pg',
  'reflect-metadata',
  'rxjs',
  '@nestjs/core',
  '@nestjs/microservices',
]);

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  /** Built on the machine where it can be; the package does without it where it cannot. */
  optionalDependencies?: Record<string, string>;
}

const packages = ['apps', 'examples', 'libs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .map((name) => join(ROOT, folder, name))
    .filter((path) => existsSync(join(path, 'src'))),
);

const readJson = <Type>(path: string): Type => JSON.parse(readFileSync(path, 'utf8')) as Type;

/** Names of the packages that the sources import, the package's own tests left out. */
function importsOf(path: string): Set<string> {
  const sources = readdirSync(join(path, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(path, 'src', file), 'utf8'))
    .join('\n');
  const specifiers = [...sources.matchAll(/(?:\bfrom |\bimport\(|\brequire\(|^import )'([^'.][^']*)'/gm)].map(
    ([, specifier = '']) => specifier,
  );
  const names = specifiers.map((specifier) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  );
  return new Set(names.filter((name) => !name.startsWith('node:')));
}

describe.each(packages.map((path) => [path.slice(ROOT.length + 1), path]))('%s', (_name, path) => {
  const { name, ...manifest } = readJson<Manifest>(join(path, 'package.json'));
  const dependencies = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const imported = importsOf(path);
  imported.delete(name);

  it('declares each package that it imports, and no other', () => {
    const declared = Object.keys(dependencies).filter(
      (dependency) => imported.has(dependency) || !LOADED_BY_OTHERS.has(dependency),
    );
    expect(declared.sort()).toEqual([...imported].sort());
  });

  it('references the libraries that it builds on', () => {
    const { references } = readJson<{ references: { path: string }[] }>(join(path, 'tsconfig.json'));
    const libraries = [...imported].filter((dependency) => dependency.startsWith('@gatehouse/'));
    expect(references.map((reference) => reference.path.split('/').at(-1)).sort()).toEqual(
      libraries.map((library) => library.slice('@gatehouse/'.length)).sort(),
    );
  });

  it('has a README', () => {
    expect(readFileSync(join(path, 'README.md'), 'utf8')).toMatch(/^# /);
  });
});

it('pins every version exactly, the same everywhere', () => {
  const versions = new Map<string, Set<string>>();
  for (const path of packages) {
    for (const [name, version] of Object.entries(
      readJson<Manifest>(join(path, 'package.json')).dependencies ?? {},
    )) {
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
  }
  const wrong = [...versions].filter(
    ([, of]) => of.size > 1 || ![...of].every((version) => /^\d+\.\d+\.\d+/.test(version)),
  );
  expect(wrong).toEqual([]);
});
