import { CALLS_PER_SECOND, ERROR_RATES } from './rows.mjs';

const PANEL = { width: 330, height: 250, left: 62, top: 64, gap: 86 };
const COLOURS = { runs: '#b3261e', 'runs and rate': '#b27a00', 'long runs and rate': '#1a6e5c' };
const DASHES = { runs: '', 'runs and rate': '7 4', 'long runs and rate': '2 3' };
const INK = '#30363d';

/** Two charts, side by side, as SVG: how often the status changes, and how long a dead provider goes unnoticed. */
export function plotOf(rows) {
  const width = 2 * PANEL.width + PANEL.left + PANEL.gap + 24;
  const height = PANEL.top + PANEL.height + 60;
  const busy = rows.filter(({ callsPerSecond }) => callsPerSecond === 10);
  const dead = rows.filter(({ errorRate }) => errorRate === 1);
  const left = chart({
    ...{ x: PANEL.left, title: 'Changes an hour at 10 calls/s', axis: 'share of calls that fail' },
    ...{ xs: ERROR_RATES, xText: (rate) => `${rate * 100} %`, ys: [1, 10, 100, 1000], least: 0.1 },
    points: (policy) => pick(busy, policy, 'errorRate', ({ changesPerHour }) => changesPerHour),
  });
  const right = chart({
    ...{ x: PANEL.left + PANEL.width + PANEL.gap, title: 'Seconds until a dead provider is unhealthy' },
    ...{ axis: 'calls a second', xs: CALLS_PER_SECOND, xText: String, ys: [0.1, 1, 10, 100], least: 0.01 },
    points: (policy) => pick(dead, policy, 'callsPerSecond', ({ detectedAfterMs: ms }) => ms && ms / 1000),
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="${INK}">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${legend()}
${left}
${right}
</svg>
`;
}

const pick = (rows, policy, x, y) =>
  rows
    .filter((row) => row.policy === policy && y(row) !== undefined)
    .map((row) => ({ x: row[x], y: y(row) }));

function legend() {
  return Object.keys(COLOURS)
    .map((policy, index) => {
      const x = PANEL.left + index * 190;
      return `<line x1="${x}" y1="18" x2="${x + 34}" y2="18" ${strokeOf(policy)}/><text x="${x + 42}" y="22">${policy}</text>`;
    })
    .join('\n');
}

/** Both axes are logarithmic; what is less than `least` is drawn at the bottom. */
function chart({ x, title, axis, xs, xText, ys, least, points }) {
  const most = ys.at(-1) * 2;
  const across = scale(xs[0], xs.at(-1), x, x + PANEL.width);
  const up = scale(least, most, PANEL.top + PANEL.height, PANEL.top);
  const bottom = PANEL.top + PANEL.height;
  const grid = [
    ...ys.map(
      (value) =>
        `<line x1="${x}" y1="${up(value)}" x2="${x + PANEL.width}" y2="${up(value)}" stroke="#d8dee4"/><text x="${x - 8}" y="${up(value) + 4}" text-anchor="end">${value}</text>`,
    ),
    ...xs.map(
      (value) => `<text x="${across(value)}" y="${bottom + 18}" text-anchor="middle">${xText(value)}</text>`,
    ),
  ];
  const lines = Object.keys(COLOURS).map((policy) => {
    const path = points(policy).map((point) => `${across(point.x)},${up(Math.max(point.y, least))}`);
    return `<polyline points="${path.join(' ')}" fill="none" ${strokeOf(policy)}/>`;
  });
  return `<text x="${x}" y="${PANEL.top - 12}" font-weight="bold">${title}</text>
${grid.join('\n')}
<line x1="${x}" y1="${bottom}" x2="${x + PANEL.width}" y2="${bottom}" stroke="${INK}"/>
<text x="${x + PANEL.width / 2}" y="${bottom + 40}" text-anchor="middle">${axis}</text>
${lines.join('\n')}`;
}

const strokeOf = (policy) =>
  `stroke="${COLOURS[policy]}" stroke-width="2.5"${DASHES[policy] && ` stroke-dasharray="${DASHES[policy]}"`}`;

function scale(from, to, first, last) {
  const share = (value) => (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from));
  return (value) => Math.round((first + share(value) * (last - first)) * 10) / 10;
}
