import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';

const JEST = join(root, 'node_modules/jest/bin/jest.js');
const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/**
 * The runs of jest that the arguments ask for. Faults and end-to-end tests come last, since each starts processes of its own.
 * Faults mostly wait, so two go side by side; end-to-end tests go one at a time: each starts a dozen processes, which must
 * not be short of a processor.
 */
export function planRuns(args) {
  const { projects, rest } = takeProjects(args);
  const wanted = (names) => names.filter((name) => projects.length === 0 || projects.includes(name));
  const runs = [
    { projects: wanted(['unit', 'integration']), args: ['--maxWorkers=2', ...rest] },
    { projects: wanted(['faults']), args: ['--maxWorkers=2', ...rest] },
    { projects: wanted(['e2e']), args: ['--runInBand', ...rest] },
  ].filter((run) => run.projects.length > 0);
  // Tests that somebody asked for by name may all be of one run; without a name each run has some, or it fails.
  return rest.length > 0 ? runs.filter(hasFiles) : runs;
}

function hasFiles({ projects, args }) {
  const listing = [...FLAGS, JEST, '--listTests', '--json', '--selectProjects', ...projects, ...args];
  // It leaves with 1 where it lists nothing, and so does whatever is wrong with the arguments: the run itself says which.
  const { stdout } = spawnSync(process.execPath, listing, { cwd: root, encoding: 'utf8' });
  return !/^\[\]$/m.test(stdout);
}

function takeProjects(args) {
  const at = args.indexOf('--selectProjects');
  if (at < 0) return { projects: [], rest: args };
  const after = args.slice(at + 1);
  const end = after.findIndex((arg) => arg.startsWith('-'));
  const projects = end < 0 ? after : after.slice(0, end);
  return { projects, rest: [...args.slice(0, at), ...after.slice(projects.length)] };
}

/** Runs jest once. Answers `{ code, passed, failed, failedFiles }`. */
export async function runJest({ projects, args }, { env, home, signal }) {
  const results = join(home, 'results.json');
  rmSync(results, { force: true });
  const jest = [JEST, '--selectProjects', ...projects];
  // A test that failed may leave a service open, which would keep the run from ending.
  const output = ['--forceExit', '--json', `--outputFile=${results}`];
  const child = spawn(process.execPath, [...FLAGS, ...jest, ...output, ...args], {
    cwd: root,
    env,
    signal,
    killSignal: 'SIGTERM',
    stdio: 'inherit',
  });
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
  if (!existsSync(results)) return { code: code || 1, passed: 0, failed: 1, failedFiles: [] };
  const report = JSON.parse(readFileSync(results, 'utf8'));
  return {
    code,
    passed: report.numPassedTests,
    // A file that could not be loaded holds tests that nobody counted.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    failedFiles: report.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name),
  };
}
