import { Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { OutboxBell } from './outbox.bell.js';
import { OutboxRelay } from './outbox.relay.js';

/**
 * The outbox in the service's own database, and its relay. Not global on purpose: what is not global is shut down
 * before the database and the transport, which the relay needs to flush.
 *
 * The service lists `OutboxMessage` among its entities and `CreateOutbox1700000000000` among its migrations.
 */
@Module({
  providers: [
    OutboxBell,
    OutboxRelay,
    { provide: Outbox, inject: [OutboxBell], useFactory: (bell: OutboxBell) => new Outbox(bell) },
  ],
  exports: [Outbox, OutboxRelay],
})
export class OutboxModule {}
