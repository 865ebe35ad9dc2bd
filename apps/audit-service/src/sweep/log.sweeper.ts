import { TILE_WIDTH, tileWidth } from '@gatehouse/transparency-log';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FindingsRecorder } from '../findings/findings.recorder.js';
import type { LogFinding } from '../findings/log-finding.js';
import type { KeeperTask } from '../keeper/keeper-task.js';
import { LogKeeper } from '../keeper/log.keeper.js';
import { LogReader } from '../log/log.reader.js';
import { DamagedTileError } from '../log/tile-parts.js';
import { compareEvents } from './compare-events.js';
import { SweepRepository } from './sweep.repository.js';

/** A thousand events a second: ten million in three hours, for a few per cent of one core. */
const TILES_A_RUN = 4;

/**
 * Goes through the log, slowly and again and again, and compares what is kept beside the leaves with them: the search columns,
 * which no hash covers, and the hashes. It stays at what is wrong until that is right.
 */
@Injectable()
export class LogSweeper implements KeeperTask, OnModuleInit {
  readonly name = 'sweeping the log';
  readonly everyMs = 1_000;

  constructor(
    private readonly log: LogReader,
    private readonly sweep: SweepRepository,
    private readonly findings: FindingsRecorder,
    private readonly keeper: LogKeeper,
  ) {}

  onModuleInit(): void {
    this.keeper.register(this);
  }

  async run(): Promise<void> {
    const { size } = await this.log.head();
    let next = await this.sweep.next();
    for (let tile = 0; tile < TILES_A_RUN && next < size; tile++) {
      const end = Math.min(size, (Math.floor(next / TILE_WIDTH) + 1) * TILE_WIDTH);
      const finding = await this.compare(next, end, size);
      await this.findings.report('sweep', finding);
      if (finding !== undefined) return;
      next = end;
      await this.sweep.goOn(next);
    }
    if (next >= size) await this.sweep.finish();
  }

  /** The events from `from` on, which are in one tile. */
  private async compare(from: number, end: number, size: number): Promise<LogFinding | undefined> {
    const index = Math.floor(from / TILE_WIDTH);
    const first = index * TILE_WIDTH;
    try {
      const tile = await this.log.tile({ level: 0, index, width: tileWidth(0, index, size) });
      return compareEvents(first, tile, await this.log.events(first, end));
    } catch (error) {
      if (!(error instanceof DamagedTileError)) throw error;
      return { seq: first + error.found, detail: error.message };
    }
  }
}
