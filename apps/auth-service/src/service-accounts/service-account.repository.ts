import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ServiceAccount } from './service-account.entity.js';

@Injectable()
export class ServiceAccountRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(clientId: string): Promise<ServiceAccount | null> {
    return this.dataSource.getRepository(ServiceAccount).findOneBy({ clientId });
  }

  async upsert(account: ServiceAccount): Promise<void> {
    await this.dataSource.getRepository(ServiceAccount).upsert(account, ['clientId']);
  }
}
