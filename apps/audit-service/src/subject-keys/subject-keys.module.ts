import { openDatabase } from '@gatehouse/database';
import { Module } from '@nestjs/common';
import { AuditEnvironment } from '../audit.environment.js';
import { SubjectKeyVault } from './subject-key.vault.js';
import { SUBJECT_KEYS_DATABASE, subjectKeysDatabase } from './subject-keys.database.js';
import { SubjectKeysRepository } from './subject-keys.repository.js';

@Module({
  providers: [
    {
      provide: SUBJECT_KEYS_DATABASE,
      inject: [AuditEnvironment],
      useFactory: (environment: AuditEnvironment) => openDatabase(subjectKeysDatabase(environment)),
    },
    SubjectKeysRepository,
    SubjectKeyVault,
  ],
  exports: [SubjectKeyVault],
})
export class SubjectKeysModule {}
