import { Module } from '@nestjs/common';
import { LogKeeper } from './log.keeper.js';

/** Not global on purpose: what is not global is shut down before the database. */
@Module({ providers: [LogKeeper], exports: [LogKeeper] })
export class KeeperModule {}
