// What every process of these tests is: told by its parent what to do, and gone when the parent is.

/** What the parent asked for in the beginning. */
export const options = JSON.parse(process.argv[2] ?? '{}');

/** Says that it is ready, and answers the calls of the parent from then on. */
export function serve(actions) {
  process.on('message', async ({ call, name, input }) => {
    try {
      process.send({ call, answer: await actions[name](input) });
    } catch (error) {
      process.send({ call, error: error?.stack ?? String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

/** Bytes of the heap that are in use when everything was collected that can be. */
export async function heapInUse() {
  let least = Infinity;
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    least = Math.min(least, process.memoryUsage().heapUsed);
  }
  return least;
}

/** A class with the decorators that plain JavaScript cannot write. */
export function controllerOf(Controller, handlers) {
  class Handlers {}
  for (const [name, { run, parameters, decorators }] of Object.entries(handlers)) {
    // A function of its own for each: decorators write their metadata on it.
    Handlers.prototype[name] = (...args) => run(...args);
    parameters.forEach((decorate, index) => decorate(Handlers.prototype, name, index));
    const descriptor = Object.getOwnPropertyDescriptor(Handlers.prototype, name);
    for (const decorate of decorators) decorate(Handlers.prototype, name, descriptor);
  }
  Controller()(Handlers);
  return Handlers;
}
