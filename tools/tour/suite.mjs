import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the launcher says of the running suite; leaves with a sentence when there is none. */
export function readSuite() {
  const home = process.env.GATEHOUSE_HOME ?? '.gatehouse';
  const suite = readState(join(home, 'state.json'));
  if (suite?.ready === true) return suite;
  console.error(`No suite is running in ${home}. Start it in another terminal with: npm start`);
  process.exit(1);
}

function readState(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
