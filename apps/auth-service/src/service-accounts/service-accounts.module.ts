import { Module } from '@nestjs/common';
import { ServiceAccountManager } from './service-account.manager.js';
import { ServiceAccountRepository } from './service-account.repository.js';

@Module({ providers: [ServiceAccountManager, ServiceAccountRepository], exports: [ServiceAccountManager] })
export class ServiceAccountsModule {}
