import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/suite.js';

interface Row {
  callsPerSecond: number;
  errorRate: number;
  policy: string;
  changesPerHour: number;
}

const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim());
const rows = (markdown: string): string[][] =>
  markdown
    .split('\n')
    .filter((line) => /^\| +[\d.]+ \|/.test(line))
    .map(cellsOf);

describe('docs/provider-health.md', () => {
  const document = readFileSync(join(root, 'docs/provider-health.md'), 'utf8');

  it('has what the simulation says of the fewest calls, to the letter', async () => {
    const { simulateRows } = (await import(join(root, 'tools/simulate/rows.mjs'))) as {
      simulateRows: (of: { traffics: number[] }) => Row[];
    };
    const { tableOf } = (await import(join(root, 'tools/simulate/table.mjs'))) as {
      tableOf: (simulated: Row[]) => string;
    };
    const simulated = rows(tableOf(simulateRows({ traffics: [0.1] })));
    const few = rows(document).filter(([, traffic]) => Number(traffic) < 1);
    expect(few.length).toBe(18);
    expect(few).toEqual(simulated);
  });

  it('has each traffic, share of errors and rule once', () => {
    const named = rows(document).map(([, traffic, errors, rule]) => `${traffic} ${errors} ${rule}`);
    expect(new Set(named).size).toBe(named.length);
    expect(named).toHaveLength(4 * 6 * 3 + 6);
  });
});
