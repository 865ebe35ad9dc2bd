import { Injectable } from '@nestjs/common';
import { BatchedHousekeeper } from '@gatehouse/database';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';

const KEPT_DAYS = 30;

/** Removes what the log of deliveries keeps no longer. */
@Injectable()
export class WebhookDeliveryHousekeeper extends BatchedHousekeeper {
  constructor(private readonly deliveries: WebhookDeliveryRepository) {
    super();
  }

  protected remove(most: number): Promise<number> {
    return this.deliveries.removeOver(KEPT_DAYS, most);
  }
}
