/** A line that readers pass over; it keeps proxies and idle connections from giving up. */
export const HEARTBEAT = ': heartbeat\n\n';

/** In the format of the HTML standard; JSON has no line break in it. */
export const serverSentEvent = (of: { id: string; event: string; data: object }): string =>
  `id: ${of.id}\nevent: ${of.event}\ndata: ${JSON.stringify(of.data)}\n\n`;
