// A thread that hashes and checks passwords, one at a time: `workerData` is `{ binding, cost }`, a message is `{ password }` to
// hash or `{ password, phc }` to check, and its answer `{ value }` or `{ error }`.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { loadArgon2 } from './argon2.mjs';

/**
 * A hash keeps a core busy for as long as it takes; the event loop, which everybody else waits for, needs one for a moment
 * now and then, and then at once.
 */
const NICENESS = 10;

const { hash, verify } = loadArgon2(workerData.binding, workerData.cost);
giveWay();

parentPort.on('message', async ({ password, phc }) => {
  try {
    parentPort.postMessage({ value: await (phc === undefined ? hash(password) : verify(phc, password)) });
  } catch (error) {
    parentPort.postMessage({ error });
  }
});

/** Linux has a priority for each thread; elsewhere, and where it is low already, it stays as it is. */
function giveWay() {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), NICENESS);
  } catch {
    // Slower answers of other routes under load is all that it costs.
  }
}
