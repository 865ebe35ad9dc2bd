import { Injectable } from '@nestjs/common';
import { AuthEnvironment } from '../auth.environment.js';
import { KeyedHash } from '../keyed-hash.js';

/** Secrets of service accounts as they are kept. */
@Injectable()
export class ServiceSecretHasher extends KeyedHash {
  constructor(environment: AuthEnvironment) {
    super(environment.encryptionKeys, 'service-secret');
  }
}
