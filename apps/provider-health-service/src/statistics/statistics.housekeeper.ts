import { Injectable } from '@nestjs/common';
import { BatchedHousekeeper } from '@gatehouse/database';
import { CountedBatchRepository } from './counted-batch.repository.js';
import { RollupRepository } from './rollup.repository.js';
import { type Grain, GRAINS } from './window-parts.js';

/** Removes what statistics keep no longer. */
@Injectable()
export class StatisticsHousekeeper extends BatchedHousekeeper {
  constructor(
    private readonly rollups: RollupRepository,
    private readonly batches: CountedBatchRepository,
  ) {
    super();
  }

  protected async remove(most: number): Promise<number> {
    const removed = [await this.batches.forget(most)];
    for (const grain of Object.keys(GRAINS) as Grain[])
      removed.push(await this.rollups.removeOver(grain, most));
    return Math.max(...removed);
  }
}
