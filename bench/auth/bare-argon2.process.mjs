// Nothing but argon2id by one binding: as many checks of one hash at once as there are cores.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { answer, options } from '../answers.mjs';

const require = createRequire(import.meta.url);
const { verify } = require(options.binding);

answer({
  /** Checks for so long. */
  async verifyFor({ phc, password, ms }) {
    const until = performance.now() + ms;
    const begun = process.cpuUsage();
    let messages = 0;
    const one = async () => {
      for (; performance.now() < until; messages++) {
        if (!(await verify(phc, password))) throw new Error('The password is not that of the hash');
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, one));
    const { user, system } = process.cpuUsage(begun);
    return { messages, cpuSeconds: (user + system) / 1e6 };
  },
});
