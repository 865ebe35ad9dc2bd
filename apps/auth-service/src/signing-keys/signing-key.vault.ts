import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { sharedSecretKey, type TokenAlgorithm } from '@gatehouse/access-control';
import { Keyring } from '@gatehouse/envelope-encryption';
import { AuthEnvironment } from '../auth.environment.js';
import { sealContext } from './seal-context.js';
import type { WantedKey } from './key-timeline.js';
import { newSigningKey } from './new-signing-key.js';
import type { SigningKeyEntity } from './signing-key.entity.js';

/** A key to sign with. */
export interface SigningKey {
  kid: string;
  algorithm: TokenAlgorithm;
  /** The private part, or the shared secret. */
  key: KeyObject;
}

/** Makes, seals and opens signing keys of the kind that `JWT_ALGORITHM` names. */
@Injectable()
export class SigningKeyVault implements OnModuleInit {
  private readonly logger = new Logger(SigningKeyVault.name);
  /** What this service signs with. */
  readonly wanted: WantedKey;
  private readonly keyring: Keyring;
  private readonly shared?: SigningKey;
  private readonly opened = new Map<string, SigningKey>();

  constructor(private readonly environment: AuthEnvironment) {
    this.keyring = new Keyring(environment.encryptionKeys);
    if (environment.sharedSecret !== undefined) {
      const { kid, key } = sharedSecretKey(environment.sharedSecret);
      this.shared = { kid, algorithm: 'HS256', key };
    }
    this.wanted = {
      algorithm: environment.variables.JWT_ALGORITHM,
      kid: this.shared?.kid,
      canUse: ({ kid, algorithm }) => algorithm !== 'HS256' || kid === this.shared?.kid,
    };
  }

  onModuleInit(): void {
    const { JWT_ALGORITHM, JWT_SECRET_KEY } = this.environment.variables;
    if (this.shared !== undefined)
      this.logger.warn(
        'JWT_ALGORITHM is HS256: every service that verifies tokens can also issue them; the JWKS is empty',
      );
    else if (JWT_SECRET_KEY !== undefined)
      this.logger.warn(`JWT_SECRET_KEY is set and not used: JWT_ALGORITHM is ${JWT_ALGORITHM}`);
  }

  /** A new key, or the secret that is shared in place of one. */
  async make(now: Date, activeFrom: Date): Promise<SigningKeyEntity> {
    const { JWT_ALGORITHM } = this.environment.variables;
    const dates = { createdAt: now, activeFrom };
    if (JWT_ALGORITHM === 'HS256') {
      const kid = this.shared?.kid ?? '';
      return { kid, algorithm: JWT_ALGORITHM, publicJwk: null, sealedPrivateKey: null, ...dates };
    }
    const { privateKey, ...key } = await newSigningKey(JWT_ALGORITHM);
    const sealedPrivateKey = this.keyring.seal(Buffer.from(privateKey), sealContext(key.kid));
    return { ...key, sealedPrivateKey, ...dates };
  }

  /** @throws UnsealError when `ENCRYPTION_KEY` has not the secret that it was sealed with */
  open({ kid, algorithm, sealedPrivateKey }: SigningKeyEntity): SigningKey {
    if (this.shared?.kid === kid) return this.shared;
    let key = this.opened.get(kid);
    if (key === undefined) {
      const pem = this.keyring.open(sealedPrivateKey ?? '', sealContext(kid));
      key = { kid, algorithm: algorithm as TokenAlgorithm, key: createPrivateKey(pem) };
      this.opened.set(kid, key);
    }
    return key;
  }

  /** Forgets the private parts of keys that are not there any more. */
  keepOnly(kids: ReadonlySet<string>): void {
    for (const kid of this.opened.keys()) if (!kids.has(kid)) this.opened.delete(kid);
  }
}
