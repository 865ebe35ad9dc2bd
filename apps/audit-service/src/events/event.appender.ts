import type { AppendResult, AuditEvent } from '@gatehouse/audit-contracts';
import { Injectable } from '@nestjs/common';
import { SERVICE_NAME } from '../audit-service.js';
import { EventQuarantine } from '../log/event.quarantine.js';
import { createLogEntry, type EntryOrigin, LeafTooLargeError, subjectsOf } from '../log/leaf.js';
import type { LogEntry } from '../log/log-entry.js';
import { type AppendOutcome, LogSequencer } from '../log/log.sequencer.js';
import { SubjectKeyVault } from '../subject-keys/subject-key.vault.js';
import { type RefusedEvent, sentId, takeEvent } from './event-intake.js';

type ReadyEvent = { readonly entry: LogEntry } | { readonly refused: RefusedEvent };

/** Appends what producers send, and what audit-service has to say itself. */
@Injectable()
export class EventAppender {
  constructor(
    private readonly sequencer: LogSequencer,
    private readonly quarantine: EventQuarantine,
    private readonly keys: SubjectKeyVault,
  ) {}

  /**
   * Appends events; each is judged alone. Resolves after the commit, one result each, in the order sent.
   *
   * @param submittedBy who was authenticated, whatever the events say of their producer
   */
  async append(events: readonly unknown[], submittedBy: string): Promise<AppendResult[]> {
    const taken = await this.take(events, submittedBy);
    await this.setAside(events, taken, submittedBy);
    const outcomes = await this.sequencer.append(
      taken.flatMap((event) => ('entry' in event ? [event.entry] : [])),
    );
    const inOrder = outcomes.values();
    return taken.map((event, index): AppendResult => {
      const id = sentId(events[index]);
      if ('refused' in event) return { id, error: event.refused.reason, detail: event.refused.detail };
      return resultOf(id ?? event.entry.event.id, inOrder.next().value);
    });
  }

  /**
   * Appends an event of audit-service itself; resolves after the commit.
   *
   * @throws Error when it could not be appended
   */
  async record(event: AuditEvent): Promise<void> {
    const keys = await this.keys.sealing(subjectsOf(event));
    const entry = createLogEntry(event, { keys, submittedBy: SERVICE_NAME, receivedAt: new Date() });
    const [outcome] = await this.sequencer.append([entry]);
    if (outcome === undefined || 'error' in outcome) throw new Error(`${event.action} could not be recorded`);
  }

  private async take(events: readonly unknown[], submittedBy: string): Promise<ReadyEvent[]> {
    const receivedAt = new Date();
    const taken = events.map((event) => takeEvent(event, receivedAt));
    const keys = await this.keys.sealing(
      taken.flatMap((each) => ('event' in each ? subjectsOf(each.event) : [])),
    );
    return taken.map((each) =>
      'event' in each ? toEntry(each.event, { keys, submittedBy, receivedAt }) : each,
    );
  }

  private async setAside(
    events: readonly unknown[],
    taken: readonly ReadyEvent[],
    submittedBy: string,
  ): Promise<void> {
    const refused = taken.flatMap((event, index) => {
      if (!('refused' in event)) return [];
      const value = events[index];
      return [{ ...event.refused, eventId: sentId(value), body: JSON.stringify(value), submittedBy }];
    });
    await this.quarantine.add(refused);
  }
}

function toEntry(event: AuditEvent, origin: EntryOrigin): ReadyEvent {
  try {
    return { entry: createLogEntry(event, origin) };
  } catch (error) {
    if (!(error instanceof LeafTooLargeError)) throw error;
    return { refused: { reason: 'too-large', detail: error.message } };
  }
}

function resultOf(id: string, outcome: AppendOutcome | undefined): AppendResult {
  if (outcome === undefined) throw new Error('The log did not say what became of an event');
  if (!('error' in outcome)) return { id, seq: outcome.seq, leafHash: outcome.leafHash.toString('base64') };
  return { id, error: outcome.error, ...('detail' in outcome ? { detail: outcome.detail } : {}) };
}
