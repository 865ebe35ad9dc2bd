import { Injectable } from '@nestjs/common';
import { AuthEnvironment } from '../auth.environment.js';
import { KeyedHash } from '../keyed-hash.js';

/** API keys as they are kept: a keyed hash of the SHA-256 by which verifiers ask for them. */
@Injectable()
export class ApiKeyHasher extends KeyedHash {
  constructor(environment: AuthEnvironment) {
    super(environment.encryptionKeys, 'api-key');
  }
}
