// What both transports carry, and under which names.

/** How a service is asked, and which event it handles. */
export function patternsOf(service) {
  return { request: `${service}.ask`, event: `${service}.written` };
}

const BYTES = 100;
const EMPTY = JSON.stringify({ n: '', text: '' }).length - 2;
const TEXT = 'x'.repeat(BYTES);

/** Message number n: 100 bytes as JSON. */
export function payloadOf(n) {
  return { n, text: TEXT.slice(EMPTY + String(n).length) };
}
