import { Injectable } from '@nestjs/common';
import { type ApiKeyFacts, commonPermissions, type Principal } from '@gatehouse/auth-contracts';
import { RevocationsUnknownError, UnauthenticatedError } from '../access-control.errors.js';
import { RevocationGate } from '../revocations/revocation.gate.js';
import { RoleCatalogue } from '../roles/role.catalogue.js';
import { ApiKeyAnswers } from './api-key.answers.js';
import { apiKeyDigest, readApiKeyId } from './api-key-text.js';

/** What a key may do while its owner's role is what it is. */
interface Effective {
  ofRole: readonly string[] | undefined;
  permissions: readonly string[];
}

/**
 * Verifies API keys: form and check digits here, the rest by what auth-service said within the last half minute. Expiry,
 * deletion, the owner, and what the owner's role grants are looked at on each use.
 */
@Injectable()
export class ApiKeyVerifier {
  private readonly effective = new WeakMap<ApiKeyFacts, Effective>();

  constructor(
    private readonly answers: ApiKeyAnswers,
    private readonly roles: RoleCatalogue,
    private readonly revocations: RevocationGate,
  ) {}

  /**
   * For what is not asked for on a guarded route or handler: the revocations must be as fresh as for an admin.
   *
   * @throws as `authenticate`, and RevocationsUnknownError
   */
  async verify(key: string, address?: string): Promise<Principal> {
    const { principal } = await this.authenticate(key, address);
    this.revocations.demandFresh({ role: 'admin', permissions: [], anyPermission: [] });
    return principal;
  }

  /**
   * Without asking how fresh the revocations are, which `RevocationGate.demandFresh` does.
   *
   * @param key as it came in `X-API-Key`
   * @param address of whoever sent it: keys that there are not are counted by it
   * @throws UnauthenticatedError when it is not accepted, for whatever reason
   * @throws DependencyUnavailableError, RevocationsUnknownError (503) when it cannot be decided; 429 for an address that
   *   has shown too many that there are not
   */
  async authenticate(key: string, address?: string): Promise<{ principal: Principal; facts: ApiKeyFacts }> {
    const id = readApiKeyId(key);
    if (id === undefined) throw refused('not an API key of the suite');
    const digest = apiKeyDigest(key);
    const question = { id, digest, ...(address === undefined ? {} : { address }) };
    // Once more when the owner has changed since: whatever is asked from now on is of the owner as it is.
    for (let attempt = 0; attempt < 2; attempt++) {
      this.revocations.demandApiKeyUnrevoked(id);
      const facts = await this.answers.find(question);
      // Not before: the key may have been deleted while the answer was on its way.
      this.revocations.demandApiKeyUnrevoked(id);
      if (facts === undefined) throw refused('there is no such API key');
      if (!this.revocations.isOfThePast(facts.owner)) return { principal: this.principalOf(facts), facts };
      this.answers.forget(digest);
    }
    throw new RevocationsUnknownError();
  }

  private principalOf(facts: ApiKeyFacts): Principal {
    const { id, owner, expiresAt } = facts;
    if (expiresAt !== undefined && !(Date.parse(expiresAt) > this.revocations.now()))
      throw refused('it has expired');
    return { id, type: 'api-key', permissions: this.permissionsOf(facts), clientId: id, ownerId: owner.id };
  }

  private permissionsOf(facts: ApiKeyFacts): readonly string[] {
    const ofRole = this.roles.demand(facts.owner.role)?.permissions;
    const known = this.effective.get(facts);
    if (known !== undefined && known.ofRole === ofRole) return known.permissions;
    const permissions = commonPermissions(facts.permissions, ofRole ?? []);
    this.effective.set(facts, { ofRole, permissions });
    return permissions;
  }
}

const refused = (reason: string) => new UnauthenticatedError({ reason, credential: 'API key' });
