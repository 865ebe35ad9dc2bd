import type { AccessRefusal } from '@gatehouse/access-control';
import { actorOf } from '../actor-of.js';
import type { AuditEntry } from '../audit-entry.js';

/** What waits to be written, at most. */
const MOST_DENIALS = 1_000;
/** Addresses that are told apart within a minute; the others are counted together. */
const MOST_ADDRESSES = 1_000;
const MOST_TARGETS = 5;
const OTHERS = '';

interface Unidentified {
  count: number;
  from: Date;
  until: Date;
  targets: Set<string>;
}

/**
 * What the guards refused, until it is written: each 403 by itself, the 401s of an address as one entry. What it holds is
 * bounded, whatever comes; what there is no room for is counted.
 */
export class RefusalJournal {
  private denials: AuditEntry[] = [];
  private unidentified = new Map<string, Unidentified>();
  private lost = 0;

  /** How many 403s there was no room for. */
  get dropped(): number {
    return this.lost;
  }

  add(refusal: AccessRefusal, now: Date): void {
    if (refusal.status === 401) this.count(refusal, now);
    else if (this.denials.length >= MOST_DENIALS) this.lost++;
    else this.denials.push(denialOf(refusal, now));
  }

  /** Takes out the 403s. */
  takeDenials(): AuditEntry[] {
    const taken = this.denials;
    this.denials = [];
    return taken;
  }

  /** Takes out the 401s, an entry for each address. */
  takeUnidentified(): AuditEntry[] {
    const taken = [...this.unidentified];
    this.unidentified = new Map();
    return taken.map(([ip, { count, from, until, targets }]) => ({
      action: 'access.unauthenticated',
      outcome: 'denied',
      reason: 'unauthenticated',
      actor: { type: 'anonymous' },
      ...(ip === OTHERS ? {} : { context: { ip } }),
      details: { count, from: from.toISOString(), until: until.toISOString(), targets: [...targets] },
      occurredAt: until,
    }));
  }

  /** Puts back what could not be written, as far as there is room. */
  putBack(entries: readonly AuditEntry[]): void {
    const room = Math.max(MOST_DENIALS - this.denials.length, 0);
    this.lost += Math.max(entries.length - room, 0);
    this.denials = [...entries.slice(0, room), ...this.denials];
  }

  private count({ ip = OTHERS, target }: AccessRefusal, now: Date): void {
    const key = this.unidentified.has(ip) || this.unidentified.size < MOST_ADDRESSES ? ip : OTHERS;
    const known = this.unidentified.get(key);
    const entry = known ?? { count: 0, from: now, until: now, targets: new Set<string>() };
    entry.count++;
    entry.until = now;
    if (entry.targets.size < MOST_TARGETS) entry.targets.add(target.id);
    if (known === undefined) this.unidentified.set(key, entry);
  }
}

function denialOf(
  { type, rule, detail, principal, target, ip, userAgent, requestId }: AccessRefusal,
  now: Date,
): AuditEntry {
  const actor = actorOf(principal);
  return {
    ...{ action: 'access.denied', outcome: 'denied', reason: type, actor, target, occurredAt: now },
    context: { ip, userAgent, requestId, sessionId: principal?.sessionId },
    details: { rule, needed: detail },
  };
}
