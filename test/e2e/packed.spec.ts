import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { aKey, aToken } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { jsonCall } from '../support/json-call.js';
import { Platform } from '../support/platform.js';
import { root } from '../support/suite.js';

const run = promisify(execFile);

interface Manifest {
  exports: Record<string, Record<string, string>>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** What the application has beside the libraries. */
const OWN = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify', 'reflect-metadata', 'rxjs'];
const readJson = <Type>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as Type;

describe('the libraries, packed and installed into an application elsewhere', () => {
  const platform = new Platform();
  /** Of another place than the repository, so that nothing of it is found by looking upwards. */
  const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-packed-'));
  let child: ChildProcess;
  let url: string;

  const installed = () =>
    readdirSync(join(scratch, 'node_modules/@gatehouse')).map((name) => ({
      name,
      folder: join(scratch, 'node_modules/@gatehouse', name),
      manifest: readJson<Manifest>(join(scratch, 'node_modules/@gatehouse', name, 'package.json')),
    }));

  /** A package of the repository, in place of the registry's. */
  const link = (name: string) => {
    const place = join(scratch, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place);
  };

  beforeAll(async () => {
    await platform.open();
    const { stdout } = await run(process.execPath, ['tools/pack.mjs', join(scratch, 'tarballs')], {
      cwd: root,
    });
    const tarballs = stdout.trim().split('\n');
    const unpack = async (tarball: string) =>
      JSON.parse((await run('tar', ['-xzOf', tarball, 'package/package.json'])).stdout) as Manifest;
    const manifests = await Promise.all(tarballs.map(unpack));
    const named = manifests.flatMap(({ dependencies, peerDependencies }) =>
      Object.keys({ ...dependencies, ...peerDependencies }),
    );
    // Of third-party packages just what they declare, and what the application has itself: nothing else is there.
    const thirdParty = new Set([...OWN, ...named.filter((name) => !name.startsWith('@gatehouse/'))]);
    thirdParty.forEach(link);
    // By their folders: npm compares what a library asks for with the version that is there, and needs no cache for it.
    const own = [...thirdParty].map((name) => [name, `file:${join(root, 'node_modules', name)}`]);
    const manifest = {
      name: 'scratch',
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(own) as object,
    };
    writeFileSync(join(scratch, 'package.json'), JSON.stringify(manifest));
    const options = ['--offline', '--ignore-scripts', '--install-links=false', '--no-audit', '--no-fund'];
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD)/.test(name)),
    );
    await run('npm', ['install', ...options, ...tarballs], { cwd: scratch, env });

    cpSync(join(root, 'test/e2e/packed/app.txt'), join(scratch, 'app.ts'));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--experimentalDecorators', '--emitDecoratorMetadata', '--skipLibCheck'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const target = ['--module', 'nodenext', '--target', 'es2023', ...strict, ...types];
    await run(process.execPath, [compiler, 'app.ts', ...target], { cwd: scratch });

    child = fork(join(scratch, 'app.js'), [JSON.stringify(platform.options())], {
      cwd: scratch,
      env: { PATH: process.env['PATH'] },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    [{ url }] = (await once(child, 'message')) as [{ url: string }];
  }, 120_000);

  afterAll(async () => {
    child?.kill('SIGKILL');
    await platform.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const ask = async (path: string, token?: string) =>
    (await jsonCall('GET', `${url}/${path}`, { token })).status;
  const tokenOf = (role: string, sid = role) =>
    aToken(platform.key, { claims: { role, sub: `${role}-1`, sid } });

  it('guard its routes', async () => {
    expect(await ask('ping')).toBe(200);
    expect(await ask('hello')).toBe(401);
    expect(await ask('hello', 'forged')).toBe(401);
    expect(await ask('hello', await aToken(await aKey('k1')))).toBe(401);
    expect(await ask('hello', await tokenOf('viewer'))).toBe(403);
    expect(await jsonCall('GET', `${url}/hello`, { token: await tokenOf('user') })).toMatchObject({
      status: 200,
      body: { hello: 'user-1' },
    });
    expect(await ask('secret', await tokenOf('user'))).toBe(403);
    expect(await ask('secret', await tokenOf('admin'))).toBe(200);
  });

  it('hear there too what is revoked', async () => {
    const token = await tokenOf('user', 'ending');
    expect(await ask('hello', token)).toBe(200);
    await platform.revoke({ kind: 'session', id: 'ending' });
    await eventually('refused', async () => (await ask('hello', token)) === 401);
  });

  it('have what they need in them, and nothing that is of use in the repository only', () => {
    expect(installed().map(({ name }) => name)).toContain('redis-transport');
    for (const { folder, manifest } of installed()) {
      for (const target of Object.values(manifest.exports)) {
        expect(Object.keys(target)).toEqual(['types', 'default']);
        for (const file of Object.values(target))
          expect(readFileSync(join(folder, file), 'utf8')).not.toBe('');
      }
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      expect(files).toContain('README.md');
      expect(files.filter((file) => /\.spec\.|tsbuildinfo|^src|^test|^node_modules/.test(file))).toEqual([]);
      expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['private']));
      expect(Object.keys(manifest.dependencies).filter((name) => name.startsWith('@nestjs/'))).toEqual([]);
    }
  });
});
