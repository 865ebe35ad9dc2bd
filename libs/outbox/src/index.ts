export type { StatementCondition } from '@gatehouse/database';
export { CreateOutbox1700000000000 } from './migrations/create-outbox.migration.js';
export { type NewOutboxMessage, Outbox, type TransactionalExecutor } from './outbox.js';
export {
  DeliveryRefusedError,
  type OutboxDelivery,
  type OutboxDestination,
  type OutboxVerdict,
} from './outbox-destination.js';
export { OutboxMessage } from './outbox-message.entity.js';
export { OutboxModule } from './outbox.module.js';
export { OutboxRelay, type OutboxRelayStatus } from './outbox.relay.js';
export { RelayAlarm } from './relay.alarm.js';
