/** The rows of a group's table, as texts: the same on the terminal and in the document. A row for each peer of a result. */
export function rowsOf(group, results) {
  const heading = [
    ['metric', 'unit', 'Gatehouse', 'beside', 'its', 'ratio'],
    ['p50 / p99 ms', 'its', 'CPU µs each', 'its', 'goal'],
  ].flat();
  return [heading, ...results.flatMap((result) => rowsOfResult(group, result, results))];
}

export function showTable(group, results) {
  const rows = rowsOf(group, results);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => align(cell, widths[column], column)).join('  '));
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  console.log(`\n${lines.map((line) => line.trimEnd()).join('\n')}\n`);
  for (const limit of group.limits(results)) console.log(`- ${limit}`);
}

/** Numbers to the right, words to the left. */
function align(cell, width, column) {
  return [0, 1, 3, 10].includes(column) ? cell.padEnd(width) : cell.padStart(width);
}

function rowsOfResult(group, result, results) {
  const goal = group.goalOf(result, results);
  const own = [result.name, result.unit, shortly(result.value)];
  const text = goal === undefined ? '' : `${goal.met ? 'met' : 'NOT MET'}: ${goal.text}`;
  const [first, ...others] = result.beside.length > 0 ? result.beside : [undefined];
  return [
    [
      ...own,
      ...besideOf(result, first),
      latencies(result),
      latencies(first),
      cpuEach(result),
      cpuEach(first),
      text,
    ],
    ...others.map((peer) => [
      '',
      '',
      '',
      ...besideOf(result, peer),
      '',
      latencies(peer),
      '',
      cpuEach(peer),
      '',
    ]),
  ];
}

/** Its name, its value, and how many times that the own one is. */
function besideOf(result, peer) {
  if (peer === undefined) return ['', '', ''];
  return [peer.name, shortly(peer.value), peer.value > 0 ? shortly(result.value / peer.value) : ''];
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
