#!/usr/bin/env node
import { runAudit } from '../dist/cli/audit.cli.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
// Whoever reads the output may have seen enough.
process.stdout.on('error', () => process.exit(0));

process.exitCode = await runAudit(process.argv.slice(2), process.env, {
  out: (text) => new Promise((resolve) => process.stdout.write(text, resolve)),
  err: (text) => process.stderr.write(text),
  stop: stop.signal,
});
