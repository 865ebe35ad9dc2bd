import type { Suite } from './suite.js';

export interface TrailEvent {
  readonly id: string;
  readonly seq: number;
  readonly action: string;
  readonly outcome: string;
  readonly producer: string;
  readonly producerSeq?: number;
  readonly context: { readonly sessionId?: string; readonly requestId?: string };
  readonly target?: { readonly id: string };
  readonly details?: Record<string, unknown>;
}

interface TrailPage {
  readonly items: TrailEvent[];
  readonly nextCursor: string | null;
}

/** Every event of the trail from the first, through the gateway, page by page. */
export async function readTrail(suite: Suite, token: string, filter = ''): Promise<TrailEvent[]> {
  const events: TrailEvent[] = [];
  let cursor = '';
  for (;;) {
    const path = `/v1/audit/events?order=asc&limit=200${filter}${cursor}`;
    const page = await suite.call<TrailPage>('GET', path, { token });
    if (page.status !== 200) throw new Error(`${path}: ${page.status} ${JSON.stringify(page.body)}`);
    events.push(...page.body.items);
    if (page.body.nextCursor === null) return events;
    cursor = `&cursor=${page.body.nextCursor}`;
  }
}
