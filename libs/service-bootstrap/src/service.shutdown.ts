import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DrainState } from './health/drain.state.js';

/**
 * Stops a service on SIGTERM or SIGINT, or when the IPC channel of the process that started it closes: not ready,
 * then what was accepted is answered, then connections close. Past the grace the process leaves all the same.
 */
export function stopOnSignal(
  app: INestApplication,
  drain: DrainState,
  logger: Logger,
  graceSeconds: number,
): void {
  const stop = (reason: string) => {
    if (drain.begun) return;
    drain.begin();
    logger.info({ reason }, 'stopping');
    const deadline = setTimeout(() => {
      logger.error({ graceSeconds }, 'still busy after the grace, leaving');
      process.exit(1);
    }, graceSeconds * 1000);
    deadline.unref();
    app
      .close()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  if (process.channel !== undefined) process.on('disconnect', () => stop('the parent has gone'));
}
