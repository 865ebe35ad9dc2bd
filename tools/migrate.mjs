// npm run migrate -- auth-service: brings one service's database up to date, on the PostgreSQL that is configured
// or, when the launcher runs, on its own.
import { runServiceCommand } from './service-command.mjs';

await runServiceCommand('migrate');
