import { Module } from '@nestjs/common';
import { PermissionMapRepository } from './permission-map.repository.js';

/** Apart from the rest of roles: what guards the routes is made of it. */
@Module({ providers: [PermissionMapRepository], exports: [PermissionMapRepository] })
export class PermissionMapsModule {}
