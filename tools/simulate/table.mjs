/** The rows as a table in Markdown. */
export function tableOf(rows) {
  const heading = [
    ['calls/s', 'errors', 'rule', 'changes an hour', 'first unhealthy', 'not called', 'good calls kept away'],
    ['-:', '-:', '-', '-:', '-:', '-:', '-:'],
  ];
  return [...heading, ...rows.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf(row) {
  return [
    String(row.callsPerSecond),
    `${row.errorRate * 100} %`,
    row.policy,
    shortly(row.changesPerHour),
    firstUnhealthy(row),
    percent(row.unavailable),
    row.keptAway === undefined ? '' : percent(row.keptAway),
  ];
}

function firstUnhealthy({ detectedIn, hours, detectedAfterMs }) {
  if (detectedIn === 0) return 'never';
  const after = `${shortly(detectedAfterMs / 1000)} s`;
  return detectedIn === hours ? after : `${after}, in ${detectedIn} of ${hours} hours`;
}

const percent = (share) => `${shortly(share * 100)} %`;

function shortly(value) {
  if (value === 0) return '0';
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2);
}
