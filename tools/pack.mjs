// Packs libraries for an application outside of this repository, with the libraries that they need:
//   node tools/pack.mjs FOLDER [access-control …]
// What is only of use in here is left out: the export condition by which tests read sources, scripts, tests' packages.
// Nest and what an application must have once only becomes a peer dependency.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Refusal, runTool } from './refusal.mjs';
import { root } from './root.mjs';

const SCOPE = '@gatehouse/';
/** Two copies of one of these in a process do not know each other. */
const ONCE_IN_A_PROCESS = /^(@nestjs\/.*|rxjs|reflect-metadata|typeorm)$/;

const LEFT_OUT = ['private', 'scripts', 'devDependencies'];

await runTool(() => {
  const [folder, ...names] = process.argv.slice(2);
  if (!folder) throw new Refusal('node tools/pack.mjs FOLDER [access-control …]');
  const destination = resolve(folder);
  mkdirSync(destination, { recursive: true });
  for (const name of withNeeded(names.length > 0 ? names : ['access-control']))
    console.log(pack(name, destination));
});

function withNeeded(names) {
  const all = new Set();
  const add = (name) => {
    if (all.has(name)) return;
    all.add(name);
    Object.keys(manifestOf(name).dependencies ?? {})
      .filter((dependency) => dependency.startsWith(SCOPE))
      .forEach((dependency) => add(dependency.slice(SCOPE.length)));
  };
  names.forEach(add);
  return all;
}

/** Answers the path of the tarball. */
function pack(name, destination) {
  const stage = mkdtempSync(join(tmpdir(), 'gatehouse-pack-'));
  try {
    const manifest = manifestOf(name);
    for (const file of [...manifest.files, 'README.md'])
      cpSync(join(root, 'libs', name, file), join(stage, file), {
        recursive: true,
        filter: (path) => basename(path) !== '.tsbuildinfo',
      });
    writeFileSync(join(stage, 'package.json'), JSON.stringify(published(manifest), null, 2));
    const npm = process.env.npm_execpath;
    const [command, ...first] = npm ? [process.execPath, npm] : ['npm'];
    const args = [...first, 'pack', '--silent', '--ignore-scripts', '--pack-destination', destination];
    const packed = spawnSync(command, args, { cwd: stage, env: environment(), encoding: 'utf8' });
    if (packed.status !== 0) throw new Refusal(`npm pack of ${name} failed: ${packed.stderr}`);
    return join(destination, packed.stdout.trim().split('\n').at(-1));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function published(manifest) {
  const dependencies = Object.entries(manifest.dependencies ?? {});
  const isPeer = ([name]) => ONCE_IN_A_PROCESS.test(name);
  const peers = dependencies.filter(isPeer).map(([name, version]) => [name, `^${version}`]);
  return {
    ...without(manifest, LEFT_OUT),
    exports: Object.fromEntries(
      Object.entries(manifest.exports).map(([path, target]) => [
        path,
        without(target, ['@gatehouse/source']),
      ]),
    ),
    dependencies: Object.fromEntries(dependencies.filter((entry) => !isPeer(entry))),
    peerDependencies: Object.fromEntries(peers),
  };
}

function without(object, names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function manifestOf(name) {
  const path = join(root, 'libs', name, 'package.json');
  if (!existsSync(path)) throw new Refusal(`There is no library "${name}".`);
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  if (!existsSync(join(root, 'libs', name, 'dist/index.js')))
    throw new Refusal(`${name} is not built: run npm run build`);
  return manifest;
}

/** What npm says to its scripts is not for the npm that packs. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD)/.test(name)));
}
