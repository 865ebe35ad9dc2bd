const PASSWORD = /password/i;
/** Tokens and secrets: a few characters tell them apart. */
const TOKEN = /(token|secret|^key)$/i;
const SHOWN_CHARACTERS = 6;
const LONGEST_TEXT = 60;

/** A body as a page can show it: passwords, most of each token, the rest of long texts and empty lists left out. */
export function shorten(value, name = '') {
  if (typeof value === 'string') {
    if (PASSWORD.test(name)) return '…';
    if (TOKEN.test(name)) return `${value.slice(0, SHOWN_CHARACTERS)}…`;
    return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  }
  if (typeof value === 'number') return Math.round(value * 10) / 10;
  if (Array.isArray(value)) return value.map((item) => shorten(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => !(Array.isArray(item) && item.length === 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, shorten(item, key)]));
}
