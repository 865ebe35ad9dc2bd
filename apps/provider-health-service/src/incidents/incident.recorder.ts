import { Injectable } from '@nestjs/common';
import type { ProviderIncident, StatusChange } from '@gatehouse/provider-health-contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { applyChange, type Incident, type IncidentStep } from './incident.js';
import { toIncidentAnswer } from './incident-answer.js';
import type { IncidentEntity } from './incident.entity.js';
import { IncidentRepository } from './incident.repository.js';

/** What a change made of an incident. */
export interface IncidentChange {
  step: IncidentStep;
  incident: ProviderIncident;
}

/**
 * Opens and closes incidents in the transaction that writes the change of status down. The caller writes one change of a
 * provider after the other, each once; should two be written at once all the same, PostgreSQL allows one open incident.
 */
@Injectable()
export class IncidentRecorder {
  constructor(private readonly incidents: IncidentRepository) {}

  /**
   * @returns what it made of an incident; undefined when there is none and none began, as none does of a provider that was
   * deleted meanwhile
   */
  async record(manager: EntityManager, change: StatusChange): Promise<IncidentChange | undefined> {
    if (!(await this.incidents.holdProvider(manager, change.provider))) return undefined;
    const last = await this.incidents.lockLast(manager, change.provider);
    const outcome = applyChange(last === null ? undefined : toIncident(last), change);
    if (outcome === undefined) return undefined;
    const { step, incident } = outcome;
    const { openedAt, closedAt, ...rest } = incident;
    const identity =
      step === 'opened' || last === null
        ? { id: uuidv7(), firstVersion: change.version }
        : { id: last.id, firstVersion: last.firstVersion };
    const row: IncidentEntity = {
      ...{ ...identity, ...rest, provider: change.provider, openedAt: new Date(openedAt) },
      closedAt: closedAt === undefined ? null : new Date(closedAt),
    };
    await this.incidents.save(manager, row);
    return { step, incident: toIncidentAnswer(row, Date.parse(change.at)) };
  }

  /**
   * Ends the open incident of a provider in the transaction that deletes it: nobody calls it any more.
   *
   * @returns undefined when none was open
   */
  async end(manager: EntityManager, provider: string): Promise<IncidentChange | undefined> {
    const closed = await this.incidents.close(manager, provider);
    if (closed === null) return undefined;
    return {
      step: 'closed',
      incident: toIncidentAnswer(closed, (closed.closedAt ?? closed.openedAt).getTime()),
    };
  }
}

function toIncident({ openedAt, closedAt, ...row }: IncidentEntity): Incident {
  const { severity, flaps, transitions, firstReason, lastReason } = row;
  return {
    ...{ severity, flaps, transitions, firstReason, lastReason },
    ...{ openedAt: openedAt.getTime(), closedAt: closedAt?.getTime() },
  };
}
