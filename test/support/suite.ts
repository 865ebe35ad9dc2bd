import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { eventually } from './eventually.js';
import { type EngineChoice, type EngineEnvironment, enginesOfSuite } from './given-engines.js';
import { type Answer, type CallOptions, jsonCall } from './json-call.js';
import { freePortBlock } from './test-ports.js';

/** The repository; jest runs from there. */
export const root = process.cwd();

/** How long a hook that calls `startSuite` may take: `beforeAll(…, SUITE_TIMEOUT_MS)`. */
export const SUITE_TIMEOUT_MS = 180_000;

type PerService<T> = Record<'auth' | 'providerHealth' | 'audit', T[]> & { readonly projects?: T[] };

/** `state.json` as the launcher writes it. */
export interface SuiteState {
  readonly ready: boolean;
  readonly gateway: string;
  readonly services: PerService<string>;
  readonly admin: { readonly email: string; readonly password: string };
  readonly postgres: { readonly url: string };
  readonly redis: { readonly url: string };
  readonly pids: PerService<number>;
  /** With `withExample`. */
  readonly example?: { readonly upstream: string; readonly providers: readonly string[] };
}

export interface SuiteOptions {
  /** As `--replicas` takes it: `2`, or `'auth=2,audit=3'`. */
  readonly replicas?: number | string;
  /** Added to the environment of the launcher, and so of the services. */
  readonly env?: NodeJS.ProcessEnv;
  /** A home to go on with, from `temporaryHome()`; without it the suite gets one that `stop` removes. */
  readonly home?: string;
  readonly port?: number;
  readonly fresh?: boolean;
  /** The example of a product team's service too. */
  readonly withExample?: boolean;
  readonly engines?: EngineChoice;
}

let started = 0;

/** A folder for a launcher. Remove it in the end. */
export function temporaryHome(): string {
  const folder = join(root, '.gatehouse/test');
  mkdirSync(folder, { recursive: true });
  const home = mkdtempSync(join(folder, 'suite-'));
  // The Redis that setup has fetched, when it was told to keep it elsewhere than where every launcher looks.
  const engines = join(process.env['GATEHOUSE_HOME'] ?? root, 'engines');
  if (existsSync(engines)) symlinkSync(engines, join(home, 'engines'));
  return home;
}

/** The launcher as `npm start` runs it, on a home and ports of its own. */
export class Suite {
  private constructor(
    readonly home: string,
    readonly port: number,
    readonly launcher: ChildProcess,
    private readonly logFile: string,
    private readonly clear: () => Promise<void>,
    /** Time of the state file that a killed launcher has left. */
    private readonly staleTime: number | undefined,
  ) {}

  /** Spawns it, without waiting for anything. */
  static async launch(options: SuiteOptions = {}): Promise<Suite> {
    const home = options.home ?? temporaryHome();
    const engines = await enginesOfSuite(options.engines);
    const port = options.port ?? (await freePortBlock(20));
    const logFile = nextLogFile();
    const staleTime = statSync(join(home, 'state.json'), { throwIfNoEntry: false })?.mtimeMs;
    const log = openSync(logFile, 'w');
    const replicas = options.replicas === undefined ? [] : ['--replicas', String(options.replicas)];
    const launcher = spawn(
      process.execPath,
      [
        ...['tools/start.mjs', ...replicas],
        ...(options.fresh === true ? ['--fresh'] : []),
        ...(options.withExample === true ? ['--with-example'] : []),
      ],
      {
        cwd: root,
        env: environment(engines, { GATEHOUSE_HOME: home, GATEHOUSE_PORT: String(port), ...options.env }),
        // It stops when the channel closes: a test run that is killed leaves nothing behind.
        stdio: ['ignore', log, log, 'ipc'],
      },
    );
    closeSync(log);
    launcher.unref();
    launcher.channel?.unref();
    const clear = async () => {
      await engines.remove();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    };
    return new Suite(home, port, launcher, logFile, clear, staleTime);
  }

  get gateway(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** As it is now; throws while there is none. */
  get state(): SuiteState {
    const path = join(this.home, 'state.json');
    if (statSync(path).mtimeMs === this.staleTime)
      throw new Error('The launcher has not written its state yet.');
    return JSON.parse(readFileSync(path, 'utf8')) as SuiteState;
  }

  get admin(): SuiteState['admin'] {
    return this.state.admin;
  }

  /** What the launcher and the services have logged. */
  get output(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  get hasEnded(): boolean {
    return this.launcher.exitCode !== null || this.launcher.signalCode !== null;
  }

  /** Waits until all replicas are ready and, if asked, the state is as wanted. */
  async whenReady(isWanted: (state: SuiteState) => boolean = () => true): Promise<SuiteState> {
    return eventually(
      'the suite is ready',
      () => {
        if (this.hasEnded) return 'ended' as const;
        const state = this.state;
        return state.ready && isWanted(state) && state;
      },
      { withinMs: SUITE_TIMEOUT_MS - 20_000 },
    ).then((state) => {
      if (state === 'ended') throw new Error(`The launcher has ended:\n${this.output}`);
      return state;
    });
  }

  /** Resolves when the launcher has ended, with its exit code, or null when a signal ended it. */
  async whenEnded(): Promise<number | null> {
    await eventually('the launcher has ended', () => this.hasEnded);
    return this.launcher.exitCode;
  }

  /** A call through the gateway; `path` begins with a slash. */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<Answer<Body>> {
    return jsonCall<Body>(method, `${this.gateway}${path}`, options);
  }

  /** An access token of the administrator. */
  async adminToken(): Promise<string> {
    const { email, password } = this.admin;
    return this.tokenOf(email, password);
  }

  async tokenOf(email: string, password: string): Promise<string> {
    const answer = await this.call<{ accessToken: string }>('POST', '/v1/auth/login', {
      body: { email, password },
    });
    if (answer.status !== 200)
      throw new Error(`login of ${email}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.accessToken;
  }

  kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
    process.kill(pid, signal);
  }

  /** Stops it as Ctrl-C does, waits until it is gone, and removes what it used. Answers its exit code. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded) this.launcher.kill('SIGTERM');
    try {
      return await this.whenEnded();
    } finally {
      if (!this.hasEnded) this.launcher.kill('SIGKILL');
      await this.clear();
    }
  }
}

/** Starts a suite and waits until it is ready. Stop it in `afterAll`. */
export async function startSuite(options: SuiteOptions = {}): Promise<Suite> {
  const suite = await Suite.launch(options);
  try {
    await suite.whenReady();
    return suite;
  } catch (error) {
    const output = suite.output;
    await suite.stop();
    throw new Error(`The suite did not start. Its log:\n${output}`, { cause: error });
  }
}

/** The caller's environment without what would decide for the suite; LOG_LEVEL as it likes. */
function environment(engines: EngineEnvironment, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: undefined, NODE_OPTIONS: undefined, ...engines.env, ...own };
}

/** Kept after the run, for `tools/test.mjs` to show when the file has failed. */
function nextLogFile(): string {
  const folder = join(root, '.gatehouse/test-logs');
  mkdirSync(folder, { recursive: true });
  const spec = basename(expect.getState().testPath ?? 'suite', '.spec.ts');
  return join(folder, `${spec}-${++started}.log`);
}
