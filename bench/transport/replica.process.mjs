// A replica of the service: handles requests and events of one of both transports.
import 'reflect-metadata';
import { answer, options } from '../answers.mjs';
import { Handled } from './handled.mjs';
import { controllerOf } from './handlers.mjs';

const { startReplica } = await import(`./${options.transport}.mjs`);
const handled = new Handled();
if (options.record !== undefined) handled.recordTo(options.record);
await startReplica({ ...options, url: new URL(options.url) }, controllerOf(options.service, handled));

answer({
  forget: () => handled.forget(),
  handled: () => ({ count: handled.count, lastAt: handled.lastAt }),
  recordTo: (path) => handled.recordTo(path),
});
