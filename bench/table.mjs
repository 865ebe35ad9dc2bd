/** The rows of a group's table, as texts: the same on the terminal and in the document. */
export function rowsOf(group, results) {
  const heading = [
    ['metric', 'unit', 'Gatehouse', group.peer, 'ratio'],
    ['p50 / p99 ms', `${group.peer}'s`, 'CPU µs each', `${group.peer}'s`, 'goal'],
  ].flat();
  return [heading, ...results.map((result) => rowOf(group, result, results))];
}

export function showTable(group, results) {
  const rows = rowsOf(group, results);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => align(cell, widths[column], column)).join('  '));
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  console.log(`\n${lines.map((line) => line.trimEnd()).join('\n')}\n`);
  for (const limit of group.limits(results)) console.log(`- ${limit}`);
}

/** Numbers to the right; name, unit and goal to the left. */
function align(cell, width, column) {
  return column < 2 || column === 9 ? cell.padEnd(width) : cell.padStart(width);
}

function rowOf(group, result, results) {
  const peer = result.beside.find(({ name }) => name === group.peer);
  const goal = group.goalOf(result, results);
  return [
    result.name,
    result.unit,
    shortly(result.value),
    shortly(peer?.value),
    peer?.value > 0 ? shortly(result.value / peer.value) : '',
    latencies(result),
    latencies(peer),
    cpuEach(result),
    cpuEach(peer),
    goal === undefined ? '' : `${goal.met ? 'met' : 'NOT MET'}: ${goal.text}`,
  ];
}

function latencies(figure) {
  return figure?.p50 === undefined ? '' : `${shortly(figure.p50)} / ${shortly(figure.p99)}`;
}

function cpuEach(figure) {
  return figure?.cpuSeconds === undefined ? '' : shortly((figure.cpuSeconds / figure.messages) * 1e6);
}

/** Three digits, or all before the point. */
function shortly(number) {
  if (number === undefined) return '';
  if (Math.abs(number) >= 100) return Math.round(number).toLocaleString('en');
  return String(Number(number.toPrecision(3)));
}
