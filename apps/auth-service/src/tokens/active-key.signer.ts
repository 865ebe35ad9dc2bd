import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { withLowS } from '@gatehouse/access-control';
import { SigningKeyManager } from '../signing-keys/signing-key.manager.js';

/** Signs with the active signing key, whatever its algorithm. */
@Injectable()
export class ActiveKeySigner {
  constructor(
    private readonly jwt: JwtService,
    private readonly signingKeys: SigningKeyManager,
  ) {}

  /** @param typ of the header: what is signed for one use is of none elsewhere (RFC 8725 §3.11) */
  async sign(claims: object, typ: string): Promise<string> {
    const { kid, algorithm, key } = await this.signingKeys.active();
    // The key as an object, a shared secret too: of bytes jsonwebtoken tries first whether they are a private key.
    const token = this.jwt.sign(claims, {
      ...{ privateKey: key, algorithm, keyid: kid },
      header: { alg: algorithm, typ },
    });
    return algorithm === 'ES256' ? withLowS(token) : token;
  }
}
