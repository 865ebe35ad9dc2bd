import { Injectable } from '@nestjs/common';
import { ServiceAccountId } from '@gatehouse/auth-contracts';
import { ServiceSecretHasher } from './service-secret.hasher.js';
import { type LiveSecret, ServiceSecretRepository } from './service-secret.repository.js';

/** The use of a secret is written at most this often. */
const NOTED_SECONDS = 60;

/** A service account that has proved who it is. */
export interface AuthenticatedService {
  id: string;
  permissions: readonly string[];
  /** Of the tokens that it gets. */
  epoch: number;
  /**
   * When it was so, milliseconds since 1970: a token is dated by it, so that one whose account is deleted meanwhile does not
   * outlive the revocation.
   */
  decidedAt: number;
}

/** - `unknown-client`: no account with this id has a secret; `wrong-secret`: the account has others. */
export type ClientRefusal = 'unknown-client' | 'wrong-secret';

/** Finds out whether a service is who it says. */
@Injectable()
export class ServiceAccountAuthenticator {
  constructor(
    private readonly secrets: ServiceSecretRepository,
    private readonly hasher: ServiceSecretHasher,
  ) {}

  /** The account, when the secret is one of its own: as it was in one moment. Else why not, for the audit trail only. */
  async authenticate(clientId: string, secret: string): Promise<AuthenticatedService | ClientRefusal> {
    const isId = ServiceAccountId.safeParse(clientId).success;
    const live = isId ? await this.secrets.live(clientId, NOTED_SECONDS) : [];
    const index = this.hasher.find(
      secret,
      live.map(({ hash }) => hash),
    );
    const found = live[index];
    if (found === undefined) return live.length === 0 ? 'unknown-client' : 'wrong-secret';
    if (!found.isNoted) await this.note(found, secret);
    return { ...found.account, decidedAt: found.decidedAt };
  }

  /** One that was hashed with an earlier key is hashed anew: the key may be given up some day. */
  private async note({ id }: LiveSecret, secret: string): Promise<void> {
    await this.secrets.noteUse(id, this.hasher.hash(secret));
  }
}
