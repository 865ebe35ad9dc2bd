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
  beside: (Partial<Figure> & { name: string })[];
}

const MEASURED = ['rpc-latency-p50', 'rpc-latency-p99', 'rpc-throughput-64', 'events-per-second'];
const COUNTED = ['lost-at-kill', 'handled-twice-per-1000', 'handled-twice-at-kill'];

/** A run of one group: it works, and what it writes; what it measures in a moment says nothing. */
class QuickBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'bench-'));
  table = '';
  results: Result[] = [];
  private engines?: EngineEnvironment;

  constructor(readonly group: string) {}

  async run(): Promise<NodeJS.ProcessEnv> {
    this.engines = await enginesOfSuite();
    const env = { ...process.env, ...this.engines.env };
    const args = ['bench/run.mjs', '--only', this.group, '--quick', '--out', this.folder];
    this.table = execFileSync(process.execPath, args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
    this.results = JSON.parse(readFileSync(join(this.folder, 'results.json'), 'utf8')) as Result[];
    return env;
  }

  async remove(): Promise<void> {
    await this.engines?.remove();
    rmSync(this.folder, { recursive: true });
  }

  get document(): string {
    return readFileSync(join(this.folder, 'benchmarks.md'), 'utf8');
  }

  named(name: string): Result {
    const found = this.results.find((result) => result.name === name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found;
  }

  peersOf(name: string): string[] {
    return this.named(name).beside.map((peer) => peer.name);
  }

  expectTableAndDocument(): void {
    const { document } = this;
    for (const { group, name, unit, better, value, beside } of this.results) {
      expect(group).toBe(this.group);
      expect(unit).not.toBe('');
      expect(['higher', 'lower']).toContain(better);
      expect(Number.isFinite(value)).toBe(true);
      expect(this.table).toContain(name);
      expect(document).toContain(`| ${name} `);
      for (const peer of beside) expect(document).toContain(`| ${peer.name} `);
    }
  }
}

describe('npm run bench -- --only transport --quick', () => {
  const bench = new QuickBench('transport');
  let variants: string[];

  beforeAll(async () => {
    const env = await bench.run();
    // A Redis that was given is taken as it is.
    variants = env['REDIS_URL'] === undefined ? ['', '/persisting'] : [''];
  }, 180_000);

  afterAll(() => bench.remove());

  it('measures everything, with one and two replicas', () => {
    const setups = variants.flatMap((variant) => [
      ...MEASURED.flatMap((name) => [`${name}${variant}`, `${name}/2-replicas${variant}`]),
      ...COUNTED.map((name) => `${name}${variant}`),
    ]);
    expect(bench.results.map(({ name }) => name).sort()).toEqual(setups.sort());
  });

  it("puts Nest's own transport beside each figure", () => {
    for (const { beside } of bench.results) {
      expect(beside).toEqual([
        expect.objectContaining({ name: 'nest-stock-redis', value: expect.any(Number) as number }),
      ]);
    }
  });

  it('tells of each measurement what it cost, and of requests how long they took', () => {
    for (const { name, cpuSeconds, p50, p99, beside } of bench.results) {
      if (!MEASURED.includes(name.split('/')[0] ?? '')) continue;
      for (const figure of [{ cpuSeconds, p50, p99 }, ...beside]) {
        expect(figure.cpuSeconds).toBeGreaterThan(0);
        if (name.startsWith('rpc-')) expect(figure.p99).toBeGreaterThanOrEqual(figure.p50 ?? Infinity);
      }
    }
  });

  it('counts nothing lost and nothing doubled here, where the peer does both', () => {
    for (const variant of variants) {
      const doubled = bench.named(`handled-twice-per-1000${variant}`);
      const lost = bench.named(`lost-at-kill${variant}`);
      expect([doubled.value, doubled.beside[0]?.value]).toEqual([0, 1000]);
      expect(lost.value).toBe(0);
      expect(lost.beside[0]?.value).toBeGreaterThan(0);
    }
  });

  it('shows a table and writes the same for people', () => {
    bench.expectTableAndDocument();
    expect(bench.table).toMatch(/lost-at-kill .* met: 0/);
  });
});

describe('npm run bench -- --only login --quick', () => {
  const bench = new QuickBench('login');

  beforeAll(async () => {
    await bench.run();
  }, 180_000);

  afterAll(() => bench.remove());

  it('measures logins beside bare hashing and better-auth', () => {
    const peers = bench.peersOf('logins-per-cpu-second');
    expect(peers).toEqual(expect.arrayContaining(['better-auth', 'better-auth-argon2id']));
    expect(peers.some((name) => name.startsWith('bare-'))).toBe(true);
    for (const { value } of [bench.named('logins-per-cpu-second'), bench.named('logins-per-second')]) {
      expect(value).toBeGreaterThan(0);
    }
  });

  it('compares the times of all kinds of failed logins with those of a wrong password', () => {
    for (const kind of ['unknown', 'disabled', 'empty']) {
      expect(bench.peersOf(`login-time-difference/${kind}`)).toEqual(['wrong']);
      expect(bench.table).toMatch(new RegExp(`login-time-difference/${kind}.*Mann-Whitney, p = [01][.]`));
    }
  });

  it('floods it and watches memory, another route and refusals', () => {
    expect(bench.peersOf('flood-memory')).toEqual(['at-capacity']);
    expect(bench.peersOf('flood-other-route-p99')).toEqual(['quiet', 'at-capacity']);
    expect(bench.named('flood-refusal-p99').value).toBeGreaterThanOrEqual(0);
    expect(bench.named('flood-logins-per-second').value).toBeGreaterThan(0);
  });

  it('shows a table and writes the same for people', () => bench.expectTableAndDocument());
});

describe('npm run bench -- --only tokens --quick', () => {
  const bench = new QuickBench('tokens');

  beforeAll(async () => {
    await bench.run();
  }, 180_000);

  afterAll(() => bench.remove());

  it('measures the routes of sessions beside better-auth', () => {
    for (const name of ['refresh-per-second', 'session-list', 'session-check']) {
      // Renewals with an access token are what comes nearest to a refresh.
      const peers = name === 'refresh-per-second' ? ['better-auth', 'better-auth-jwt'] : ['better-auth'];
      expect(bench.peersOf(name)).toEqual(peers);
      expect(bench.named(name).value).toBeGreaterThan(0);
    }
  });

  it('measures verification over the transport', () => {
    for (const inFlight of [1, 64]) {
      const { value, p50 = 0, p99, cpuSeconds } = bench.named(`message-verify-token/${inFlight}`);
      expect(value).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
      expect(cpuSeconds).toBeGreaterThan(0);
    }
  });

  it('measures local verification beside bare libraries', () => {
    for (const state of ['cold', 'warm']) {
      expect(bench.peersOf(`local-verify-${state}`)).toEqual(['jose', 'fast-jwt', 'fast-jwt-cached']);
    }
  });

  it('measures the steps of auth-service and the memory of sessions', () => {
    const steps = ['token-create', 'token-verify', 'session-create', 'session-look-up', 'session-invalidate'];
    for (const name of steps) expect(bench.named(name).p99).toBeGreaterThanOrEqual(bench.named(name).value);
    expect(bench.peersOf('session-invalidate')).toEqual(['bare-commit']);
    expect(bench.peersOf('session-look-up')).toEqual(['bare-ping']);
    expect(bench.named('session-bytes/2,000').value).toBeGreaterThan(0);
  });

  it('shows a table and writes the same for people', () => bench.expectTableAndDocument());
});

describe('npm run bench -- --only checks --quick', () => {
  const bench = new QuickBench('checks');

  beforeAll(async () => {
    await bench.run();
  }, 180_000);

  afterAll(() => bench.remove());

  it('measures guards, the route of gateways, and how soon a revocation is heard', () => {
    expect(bench.results.map(({ name }) => name)).toEqual([
      ...['guard-role-permission', 'guard-role-permission/with-token', 'verify-route-per-second'],
      ...['revocation-lag-p99', 'revocation-lag-p99/2500-live', 'revocation-memory/2500-live'],
    ]);
    for (const name of ['guard-role-permission', 'guard-role-permission/with-token'])
      expect(bench.peersOf(name)).toEqual(['empty-guard', 'casbin', 'casbin-cached']);
    expect(bench.named('revocation-memory/2500-live').value).toBeGreaterThan(0);
  });

  it('shows a table and writes the same for people', () => bench.expectTableAndDocument());
});
