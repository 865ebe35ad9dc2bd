import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import type { BroadcastReceiver, RedisTransportClients } from '@gatehouse/redis-transport';
import type { AccessControlOptions } from './access-control-options.js';
import { ApiKeyAnswers } from './api-keys/api-key.answers.js';
import { ApiKeySource } from './api-keys/api-key.source.js';
import { ApiKeyVerifier } from './api-keys/api-key.verifier.js';
import { AccessTokenVerifier } from './tokens/access-token.verifier.js';
import { AuthServiceConnection } from './auth-service.connection.js';
import type { KnownRevocations } from './revocations/known-revocations.js';
import { RevocationFeed } from './revocations/revocation.feed.js';
import { RevocationGate } from './revocations/revocation.gate.js';
import { signedRevocations } from './revocations/signed-revocations.js';
import { RoleCatalogue } from './roles/role.catalogue.js';
import { VerificationKeys } from './keys/verification.keys.js';

/** What verifies tokens in a process without `AccessControlModule`. */
export interface OpenAccessControl {
  verifier: AccessTokenVerifier;
  apiKeys: ApiKeyVerifier;
  keys: VerificationKeys;
  roles: RoleCatalogue;
  revocations: RevocationGate;
  /** Forgets auth-service and closes what was opened for it. */
  close(): Promise<void>;
}

/** For a gateway, a worker, a test: everything that `AccessControlModule` verifies tokens with, and nothing of Nest's. */
export async function openAccessControl(
  options: AccessControlOptions,
  connection?: AuthServiceConnection,
): Promise<OpenAccessControl> {
  const auth = connection ?? (await openConnection(options));
  const keys = new VerificationKeys(options, auth);
  const feed = openRevocations(options, auth, keys);
  const revocations = new RevocationGate(options, feed);
  const roles = new RoleCatalogue(options, auth, keys, revocations);
  const answers = new ApiKeyAnswers(options, new ApiKeySource(options, auth, keys, revocations), revocations);
  keys.onModuleInit();
  roles.onModuleInit();
  return {
    ...{ keys, roles, revocations },
    verifier: new AccessTokenVerifier(options, keys, roles, revocations),
    apiKeys: new ApiKeyVerifier(answers, roles, revocations),
    close: async () => {
      const stopping = [keys.onApplicationShutdown(), roles.onApplicationShutdown()];
      if (feed instanceof RevocationFeed && feed !== options.revocations) stopping.push(feed.stop());
      await Promise.all(stopping);
      await auth.onApplicationShutdown();
    },
  };
}

export const openConnection = (
  options: AccessControlOptions,
  receiver?: BroadcastReceiver<AuthBroadcasts>,
  clients?: RedisTransportClients,
): Promise<AuthServiceConnection> => AuthServiceConnection.open(options, receiver, clients);

export function openRevocations(
  options: AccessControlOptions,
  connection: AuthServiceConnection,
  keys: VerificationKeys,
): KnownRevocations | undefined {
  if (options.revocations !== undefined) return options.revocations;
  if (connection.receiver === undefined) return undefined;
  const rules = () => ({
    ...{ issuer: options.issuer, now: feed.now() },
    find: (kid: string) => keys.find(kid),
  });
  const feed: RevocationFeed = new RevocationFeed(connection.receiver, () =>
    signedRevocations((question) => connection.ask('auth.revocations', question), rules),
  );
  return feed;
}
