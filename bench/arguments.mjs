import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal } from '../tools/refusal.mjs';
import { root } from '../tools/root.mjs';

/**
 * What the command line asks for: `{ only, quick, files: { results, document } }`. A quick run shows that everything
 * works and is too short for its numbers to say anything, so that it never replaces those of the repository.
 */
export function parseArguments(args, groups) {
  const { only, quick, out } = parse(args);
  const known = groups.map(({ name }) => name);
  const wanted = only?.split(',') ?? known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Refusal(`There is no group ${unknown.join(', ')}. There is: ${known.join(', ')}.`);
  }
  return { only: wanted, quick, files: filesIn(out ?? (quick ? '.gatehouse/bench' : undefined)) };
}

function parse(args) {
  try {
    const options = {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Refusal(`${error.message}\nUse: npm run bench [-- --only GROUP,…] [--quick] [--out FOLDER]`);
  }
}

function filesIn(folder) {
  if (folder === undefined) {
    return { results: join(root, 'bench/results.json'), document: join(root, 'docs/benchmarks.md') };
  }
  return {
    results: resolve(root, folder, 'results.json'),
    document: resolve(root, folder, 'benchmarks.md'),
  };
}
