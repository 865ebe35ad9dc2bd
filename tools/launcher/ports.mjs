import { createServer } from 'node:net';
import { Refusal } from '../refusal.mjs';

export const HOST = '127.0.0.1';

/** Refuses to go on when one of the ports is taken. */
export async function demandFreePorts(ports) {
  const taken = [];
  for (const port of ports) if (!(await isFree(port))) taken.push(port);
  if (taken.length === 0) return;
  throw new Refusal(
    `Port ${taken.join(', ')} on ${HOST} is in use by another program, or not permitted. Nothing was started.\n` +
      'End that program, or choose other ports: GATEHOUSE_PORT is the gateway, the services take the ports after it.',
  );
}

/**
 * The first `count` free ports from a number on. Not left to the system: it would answer a port of the range
 * from which it serves clients, and a client that looks for an engine that is away may then take its port.
 */
export async function freePorts(from, count) {
  const found = [];
  for (let port = from; found.length < count; port++) {
    if (port > 65_535) throw new Refusal(`No free port from ${from} on.`);
    if (await isFree(port)) found.push(port);
  }
  return found;
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
