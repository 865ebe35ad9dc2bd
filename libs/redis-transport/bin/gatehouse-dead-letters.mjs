#!/usr/bin/env node
import { runDeadLetters } from '../dist/dead-letters/dead-letters.cli.js';

process.exitCode = await runDeadLetters(process.argv.slice(2), process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
