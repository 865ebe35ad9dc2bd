import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { PermissionMap } from '@gatehouse/auth-contracts';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import type { BroadcastFeed } from '@gatehouse/redis-transport';
import type { AccessControlOptions } from '../access-control-options.js';
import { ACCESS_CONTROL_OPTIONS } from '../access-control.tokens.js';
import { AuthServiceConnection } from '../auth-service.connection.js';
import { RevocationGate } from '../revocations/revocation.gate.js';
import { VerificationKeys } from '../keys/verification.keys.js';
import { readPermissionMap } from './permission-map-document.js';
import { type ResolvedRole, RoleSet } from './role-set.js';

/**
 * What roles come to, as this process knows it: auth-service pushes the whole permission map with each change. Only what
 * it has signed counts, whoever sent it, and never an older version than the one that is known.
 */
@Injectable()
export class RoleCatalogue implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RoleCatalogue.name);
  private readonly listeners = new Set<() => void>();
  private roles = new RoleSet();
  private loaded = false;
  private feed?: BroadcastFeed<{ document: string }>;

  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) private readonly options: AccessControlOptions,
    private readonly connection: AuthServiceConnection,
    private readonly keys: VerificationKeys,
    private readonly revocations: RevocationGate,
  ) {}

  onModuleInit(): void {
    this.feed = this.connection.receiver?.subscribe('auth.roles-changed', {
      apply: ({ document }) =>
        this.options.permissionMap === undefined ? this.adopt(document) : this.reload(),
      reload: () => this.reload(),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.feed?.stop();
  }

  /** The version that is known; undefined before the first. */
  get version(): number | undefined {
    return this.loaded ? this.roles.map.version : undefined;
  }

  /**
   * @returns undefined for a role that there is not
   * @throws DependencyUnavailableError (503) while it is not known yet which there are
   */
  demand(role: string): ResolvedRole | undefined {
    const resolved = this.roles.resolve(role);
    if (resolved === undefined && !this.loaded && this.feed !== undefined)
      throw new DependencyUnavailableError('The roles');
    return resolved;
  }

  /** Calls the listener when a role may have changed. @returns stops that */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Asks for the map as it is now. Rejects, and keeps what is known, when it cannot be had. */
  async reload(): Promise<void> {
    const { permissionMap } = this.options;
    if (permissionMap !== undefined) return this.use(await permissionMap());
    const nonce = randomUUID();
    const { document } = await this.connection.ask('auth.permission-map', { nonce });
    await this.adopt(document, nonce);
    // Whatever was answered was none: the feed asks again.
    if (!this.loaded) throw new Error('The permission map could not be had');
  }

  private async adopt(document: string, nonce?: string): Promise<void> {
    const rules = { issuer: this.options.issuer, now: this.revocations.now(), nonce };
    const find = (kid: string) => this.keys.find(kid);
    try {
      this.use(await readPermissionMap(document, { ...rules, find }));
    } catch (error) {
      this.logger.warn({ err: error }, 'A permission map was not taken');
    }
  }

  private use(map: PermissionMap): void {
    if (this.loaded && map.version <= this.roles.map.version) return;
    this.roles = new RoleSet(map);
    this.loaded = true;
    for (const listener of this.listeners) listener();
  }
}
