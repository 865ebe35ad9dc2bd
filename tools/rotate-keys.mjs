// npm run rotate-keys -- auth-service: seals by the first secret of ENCRYPTION_KEY what an older one has sealed, while the
// service runs.
import { runServiceCommand } from './service-command.mjs';

await runServiceCommand('rotate-keys', { kept: ['ENCRYPTION_KEY'] });
