import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import { REVOCATION_FEED } from '../access-control.tokens.js';
import type { AccessRequirement } from '../guards/access-requirement.js';
import { PermissionManager } from '../permissions/permission.manager.js';
import type { Access } from '../guards/request.carrier.js';
import type { KnownRevocations } from '../revocations/known-revocations.js';
import { RoleCatalogue } from '../roles/role.catalogue.js';

/** Expiry and staleness are looked at this often. */
const EVERY_MS = 1_000;
/** Many revocations at once are looked at together. */
const TOGETHER_MS = 50;

interface Watched {
  access: Access;
  requirement: AccessRequirement;
  lost: AbortController;
}

/**
 * Watches over answers that take long: whoever was let in is looked at again whenever a revocation or a role changes, and
 * each second, by everything that the guards asked.
 */
@Injectable()
export class AccessWatch implements OnModuleInit, OnApplicationShutdown {
  private readonly watched = new Set<Watched>();
  private readonly subscriptions: (() => void)[] = [];
  private ticking?: NodeJS.Timeout;
  private due?: NodeJS.Timeout;

  constructor(
    private readonly permissions: PermissionManager,
    private readonly roles: RoleCatalogue,
    @Optional() @Inject(REVOCATION_FEED) private readonly feed?: KnownRevocations,
  ) {}

  onModuleInit(): void {
    const soon = () => this.soon();
    this.subscriptions.push(this.roles.onChange(soon));
    if (this.feed !== undefined) this.subscriptions.push(this.feed.onChange(soon));
  }

  onApplicationShutdown(): void {
    for (const unsubscribe of this.subscriptions) unsubscribe();
    clearInterval(this.ticking);
    clearTimeout(this.due);
  }

  /** @param until aborted when the answer has ended. @returns aborted when access is lost */
  watch(access: Access, requirement: AccessRequirement, until: AbortSignal): AbortSignal {
    const one: Watched = { access, requirement, lost: new AbortController() };
    if (until.aborted) return one.lost.signal;
    this.watched.add(one);
    until.addEventListener('abort', () => this.forget(one), { once: true });
    this.ticking ??= setInterval(() => void this.look(), EVERY_MS).unref();
    return one.lost.signal;
  }

  private soon(): void {
    if (this.watched.size === 0) return;
    this.due ??= setTimeout(() => {
      this.due = undefined;
      void this.look();
    }, TOGETHER_MS).unref();
  }

  private async look(): Promise<void> {
    await Promise.all([...this.watched].map((one) => this.lookAt(one)));
  }

  private async lookAt(one: Watched): Promise<void> {
    const { access, requirement, lost } = one;
    try {
      const principal = await access.recheck();
      if (requirement.role !== undefined) this.permissions.requireRole(principal, requirement.role);
      this.permissions.requirePermissions(principal, requirement);
    } catch (error) {
      this.forget(one);
      lost.abort(error);
    }
  }

  private forget(one: Watched): void {
    this.watched.delete(one);
    if (this.watched.size > 0) return;
    clearInterval(this.ticking);
    this.ticking = undefined;
  }
}
