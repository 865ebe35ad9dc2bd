import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DIST = join(import.meta.dirname, '../../dist/passwords/argon2-binding.js');
const THREADS = join(import.meta.dirname, '../../threads/argon2.mjs');

/** Evaluates an expression in a process of its own, which a binary that does not suit the machine ends in place of the tests. */
async function evaluate(expression: string): Promise<unknown> {
  const script = `
    import { chooseBinding } from ${JSON.stringify(DIST)};
    import { loadArgon2 } from ${JSON.stringify(THREADS)};
    const [fast, portable] = ['@node-rs/argon2', 'argon2'].map((binding) =>
      loadArgon2(binding, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
    );
    process.stdout.write(JSON.stringify(await (${expression})));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout);
}

describe('the two bindings of argon2id', () => {
  it('read what the other wrote', async () => {
    const verdicts = `Promise.all([
      fast.verify(await portable.hash('correct horse'), 'correct horse'),
      portable.verify(await fast.hash('correct horse'), 'correct horse'),
      portable.verify(await fast.hash('correct horse'), 'wrong'),
    ])`;
    expect(await evaluate(verdicts)).toEqual([true, true, false]);
  }, 20_000);

  it('hash with the same parameters, whatever their order in the text', async () => {
    const hashes = (await evaluate(`Promise.all([fast.hash('x'), portable.hash('x')])`)) as string[];
    const parameters = hashes.map((hash) =>
      hash
        .split('$')
        .slice(1, 4)
        .flatMap((part) => part.split(','))
        .sort(),
    );
    expect(parameters).toEqual(Array(2).fill(['argon2id', 'm=19456', 'p=1', 't=2', 'v=19']));
  }, 20_000);

  it('are chosen by speed where both run', async () => {
    expect(await evaluate('chooseBinding().name')).toBe('@node-rs/argon2');
  }, 20_000);
});
