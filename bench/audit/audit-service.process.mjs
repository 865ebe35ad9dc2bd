// audit-service as it runs everywhere, only with a namespace of its own in Redis; asked besides for what its sequencer does
// alone.
import 'reflect-metadata';
import { readEnvironment } from '@gatehouse/environment';
import { startService } from '@gatehouse/service-bootstrap';
import { AppModule } from '../../apps/audit-service/dist/app.module.js';
import { AuditEnvironment, auditVariables } from '../../apps/audit-service/dist/audit.environment.js';
import { createLogEntry, subjectsOf } from '../../apps/audit-service/dist/log/leaf.js';
import { LogSequencer } from '../../apps/audit-service/dist/log/log.sequencer.js';
import { SubjectKeyVault } from '../../apps/audit-service/dist/subject-keys/subject-key.vault.js';
import { answer, options } from '../answers.mjs';
import { events } from './events.mjs';

const variables = readEnvironment(auditVariables, options.env);
const app = await startService({
  ...{ name: 'audit-service', transport: 'audit', path: 'audit' },
  module: AppModule.of(new AuditEnvironment(variables, { namespace: options.namespace })),
  environment: variables,
});
const sequencer = app.get(LogSequencer, { strict: false });
const vault = app.get(SubjectKeyVault, { strict: false });
/** What one append of the transport may bring. */
const APPEND = 200;

answer({
  /** Events a second that the sequencer commits, once they are ready for it. */
  async sequence({ count }) {
    const ready = events(count);
    const keys = await vault.sealing(ready.flatMap(subjectsOf));
    const origin = { keys, submittedBy: 'bench', receivedAt: new Date() };
    const entries = ready.map((event) => createLogEntry(event, origin));
    const appends = [];
    const begun = performance.now();
    for (let from = 0; from < count; from += APPEND)
      appends.push(sequencer.append(entries.slice(from, from + APPEND)));
    await Promise.all(appends);
    return count / ((performance.now() - begun) / 1000);
  },
});
