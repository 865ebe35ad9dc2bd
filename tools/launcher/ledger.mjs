// The children of the launcher, written down so that the next launcher can end what a killed one left.
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from './files.mjs';
import { identify, isRunning } from './identity.mjs';

export const SECONDS_TO_STOP = 8;

export class Ledger {
  #path;
  #children = [];

  constructor(path) {
    this.#path = path;
  }

  add({ name, pid, stopSignal, engine }) {
    const identity = identify(pid);
    if (!identity) return; // gone already
    this.#children.push({ name, ...identity, stopSignal, engine });
    this.#write();
  }

  remove(pid) {
    this.#children = this.#children.filter((child) => child.pid !== pid);
    this.#write();
  }

  /** Ends what an earlier launcher left running: services first, then engines. Answers their names. */
  async endLeftovers() {
    const left = readChildren(this.#path).filter(isRunning);
    await Promise.all(left.filter((child) => !child.engine).map(end));
    await Promise.all(left.filter((child) => child.engine).map(end));
    rmSync(this.#path, { force: true });
    return left.map((child) => child.name);
  }

  #write() {
    if (this.#children.length === 0) rmSync(this.#path, { force: true });
    else writeWhole(this.#path, JSON.stringify(this.#children, null, 2));
  }
}

function readChildren(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

async function end(child) {
  signal(child, child.pid, child.stopSignal);
  const deadline = Date.now() + SECONDS_TO_STOP * 1000;
  while (isRunning(child) && Date.now() < deadline) await sleep(50);
  signal(child, -child.pid, 'SIGKILL');
  while (isRunning(child)) await sleep(20);
}

/** Signals only the very process of the ledger, never one that got its number later. */
function signal(child, target, name) {
  if (!isRunning(child)) return;
  try {
    process.kill(target, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
