// Whoever verifies the log from outside, as `gatehouse-audit` does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { answer, options } from '../answers.mjs';

const COMMAND = fileURLToPath(
  new URL('../../libs/audit-log-verifier/bin/gatehouse-audit.mjs', import.meta.url),
);
const { url, token, file } = options;
const key = await (
  await fetch(`${url}/v1/audit/log-key`, { headers: { authorization: `Bearer ${token}` } })
).text();

await run(['export', url, '--out', file]);

answer({
  /** Megabytes a second of an export, the start of the process among it. */
  async verify() {
    const begun = performance.now();
    await run(['verify', file]);
    return (await stat(file)).size / 1e6 / ((performance.now() - begun) / 1000);
  },
});

async function run(args) {
  const env = { ...process.env, GATEHOUSE_TOKEN: token };
  const stdio = ['ignore', 'ignore', 'inherit'];
  const child = spawn(process.execPath, [COMMAND, ...args, '--key', key.trim()], { env, stdio });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`gatehouse-audit ${args[0]} ended with ${code}`);
}
