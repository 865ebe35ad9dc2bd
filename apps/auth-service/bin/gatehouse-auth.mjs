#!/usr/bin/env node
import { runAuthCommand } from '../dist/auth.cli.js';

process.exitCode = await runAuthCommand(process.argv.slice(2), process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
