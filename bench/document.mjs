import { writeFormatted } from './results.mjs';
import { rowsOf } from './table.mjs';

/** Writes `docs/benchmarks.md`: the results for people. */
export async function writeDocument(file, results, groups, machine) {
  const parts = groups.map((group) => sectionOf(group, results)).filter((section) => section !== undefined);
  await writeFormatted(file, [introduction(machine), ...parts].join('\n\n'));
}

function introduction(machine) {
  return `# Benchmarks

Written by \`npm run bench\`, from \`bench/results.json\`. Each figure stands beside the same of a peer, measured in the
same run on the same machine, in turns: the ratio says something, the figure itself only for that machine.

Last run: ${machine}.`;
}

function sectionOf(group, results) {
  const own = results.filter((result) => result.group === group.name);
  if (own.length === 0) return undefined;
  const [heading, ...rows] = rowsOf(group, own);
  const table = [heading, heading.map(() => '-'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const lines = [...group.about, ...group.limits(own)].map((line) => `- ${line}`).join('\n');
  return `## ${group.name}: ${group.title}\n\n\`npm run bench -- --only ${group.name}\`\n\n${table}\n\n${lines}`;
}
