import type { StatusChange } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';
import { applyChange, type Incident, MERGE_WINDOW_MS } from './incident.js';
import { aHistory, incidentsOf } from '../../test/incident-oracle.js';

const at = (time: number) => new Date(time).toISOString();
const change = (to: StatusChange['to'], time: number) =>
  ({ to, reason: 'marked', at: at(time) }) satisfies Partial<StatusChange>;

function run(changes: readonly Pick<StatusChange, 'to' | 'reason' | 'at'>[]) {
  const incidents: Incident[] = [];
  const steps: string[] = [];
  for (const each of changes) {
    const outcome = applyChange(incidents.at(-1), each);
    steps.push(outcome?.step ?? '-');
    if (outcome?.step === 'opened') incidents.push(outcome.incident);
    else if (outcome !== undefined) incidents[incidents.length - 1] = outcome.incident;
  }
  return { incidents, steps };
}

describe('applyChange', () => {
  it('opens when a provider is no longer healthy, tells the worst, and closes when it is', () => {
    const { incidents, steps } = run([
      change('degraded', 0),
      change('unhealthy', 10),
      change('degraded', 20),
      change('healthy', 30),
    ]);
    expect(steps).toEqual(['opened', 'escalated', 'continued', 'closed']);
    expect(incidents).toMatchObject([
      { openedAt: 0, closedAt: 30, severity: 'unhealthy', flaps: 0, transitions: 4 },
    ]);
  });

  it('takes a fall within the window for a flap of the same, and one after it for another', () => {
    const later = 30 + MERGE_WINDOW_MS;
    const { incidents, steps } = run([
      ...[change('degraded', 0), change('healthy', 30), change('degraded', later), change('healthy', later)],
      change('unhealthy', later + MERGE_WINDOW_MS + 1),
    ]);
    expect(steps).toEqual(['opened', 'closed', 'reopened', 'closed', 'opened']);
    expect(incidents).toMatchObject([
      { openedAt: 0, closedAt: later, flaps: 1, transitions: 4 },
      { severity: 'unhealthy', flaps: 0, transitions: 1 },
    ]);
  });

  it('makes no incident of a change to healthy, and no negative time of a clock that stepped back', () => {
    expect(run([change('healthy', 5)])).toEqual({ incidents: [], steps: ['-'] });
    const { incidents } = run([change('degraded', 50), change('healthy', 20), change('unhealthy', 10)]);
    expect(incidents).toMatchObject([{ openedAt: 50, closedAt: undefined, flaps: 1, severity: 'unhealthy' }]);
  });

  it('comes to what the intervals of any history say', () => {
    fc.assert(
      fc.property(aHistory(), (history) => {
        expect(run(history).incidents).toMatchObject(incidentsOf(history));
      }),
    );
  });
});
