import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineEnvironment, enginesOfSuite } from '../support/given-engines.js';
import { root } from '../support/suite.js';

interface Figure {
  value: number;
  p50?: number;
  p99?: number;
  cpuSeconds?: number;
}

interface Result extends Figure {
  group: string;
  name: string;
  unit: string;
  better: 'higher' | 'lower';
  beside: (Figure & { name: string })[];
}

const MEASURED = ['rpc-latency-p50', 'rpc-latency-p99', 'rpc-throughput-64', 'events-per-second'];
const COUNTED = ['lost-at-kill', 'handled-twice-per-1000', 'handled-twice-at-kill'];

/** Says that the benchmarks run and what they write; what they measure in a moment says nothing. */
describe('npm run bench -- --only transport --quick', () => {
  let engines: EngineEnvironment;
  let folder: string;
  let table: string;
  let results: Result[];
  let variants: string[];

  const named = (name: string): Result => {
    const found = results.find((result) => result.name === name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found;
  };

  beforeAll(async () => {
    engines = await enginesOfSuite();
    folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const env = { ...process.env, ...engines.env };
    // A Redis that was given is taken as it is.
    variants = env['REDIS_URL'] === undefined ? ['', '/persisting'] : [''];
    const args = ['bench/run.mjs', '--only', 'transport', '--quick', '--out', folder];
    table = execFileSync(process.execPath, args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
    results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Result[];
  }, 180_000);

  afterAll(async () => {
    await engines.remove();
    rmSync(folder, { recursive: true });
  });

  it('measures everything, with one and two replicas', () => {
    const setups = variants.flatMap((variant) => [
      ...MEASURED.flatMap((name) => [`${name}${variant}`, `${name}/2-replicas${variant}`]),
      ...COUNTED.map((name) => `${name}${variant}`),
    ]);
    expect(results.map(({ name }) => name).sort()).toEqual(setups.sort());
  });

  it("puts Nest's own transport beside each figure", () => {
    for (const { group, unit, better, value, beside } of results) {
      expect(group).toBe('transport');
      expect(unit).not.toBe('');
      expect(['higher', 'lower']).toContain(better);
      expect(Number.isFinite(value)).toBe(true);
      expect(beside).toEqual([
        expect.objectContaining({ name: 'nest-stock-redis', value: expect.any(Number) as number }),
      ]);
    }
  });

  it('tells of each measurement what it cost, and of requests how long they took', () => {
    for (const { name, cpuSeconds, p50, p99, beside } of results) {
      if (!MEASURED.includes(name.split('/')[0] ?? '')) continue;
      for (const figure of [{ cpuSeconds, p50, p99 }, ...beside]) {
        expect(figure.cpuSeconds).toBeGreaterThan(0);
        if (name.startsWith('rpc-')) expect(figure.p99).toBeGreaterThanOrEqual(figure.p50 ?? Infinity);
      }
    }
  });

  it('counts nothing lost and nothing doubled here, where the peer does both', () => {
    for (const variant of variants) {
      const doubled = named(`handled-twice-per-1000${variant}`);
      const lost = named(`lost-at-kill${variant}`);
      expect([doubled.value, doubled.beside[0]?.value]).toEqual([0, 1000]);
      expect(lost.value).toBe(0);
      expect(lost.beside[0]?.value).toBeGreaterThan(0);
    }
  });

  it('shows a table and writes the same for people', () => {
    const document = readFileSync(join(folder, 'benchmarks.md'), 'utf8');
    for (const { name } of results) {
      expect(table).toContain(name);
      expect(document).toContain(`| ${name} `);
    }
    expect(table).toMatch(/lost-at-kill .* met: 0/);
  });
});
