import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { RevocationFeed } from '@gatehouse/access-control';
import { DatabaseConnection } from '@gatehouse/database';
import { BroadcastReceiver } from '@gatehouse/redis-transport';
import { StartGate } from '@gatehouse/service-bootstrap';
import type { RevocationEntity } from './revocation.entity.js';
import { RevocationManager } from './revocation.manager.js';
import { RevocationRelay } from './revocation.relay.js';
import { RevocationRepository } from './revocation.repository.js';
import { toRevocation } from './revocation-answer.js';

const FIRST_WAIT_MS = 5_000;
const AT_ONCE = 5_000;

/** The snapshot comes from the own database, which may not be there yet at the start. */
function openFeed(
  receiver: BroadcastReceiver,
  revocations: RevocationRepository,
  database: DatabaseConnection,
  gate: StartGate,
): RevocationFeed {
  async function* snapshot() {
    await Promise.race([database.whenReady(), sleep(FIRST_WAIT_MS, undefined, { ref: false })]);
    let page: RevocationEntity[] = [];
    do {
      page = await revocations.inForce(page.at(-1)?.id, AT_ONCE);
      yield page.map(toRevocation);
    } while (page.length === AT_ONCE);
  }
  const feed = new RevocationFeed(receiver, snapshot);
  gate.hold('revocation feed', feed.whenLoaded());
  return feed;
}

@Module({
  providers: [
    ...[RevocationManager, RevocationRelay, RevocationRepository],
    {
      provide: RevocationFeed,
      inject: [BroadcastReceiver, RevocationRepository, DatabaseConnection, StartGate],
      useFactory: openFeed,
    },
  ],
  exports: [RevocationManager, RevocationRelay, RevocationFeed],
})
export class RevocationsModule {}
