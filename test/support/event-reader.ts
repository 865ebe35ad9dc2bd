import type { StatusChange } from '@gatehouse/provider-health-contracts';

/** A server-sent event of `GET /v1/providers/events`. */
export interface ToldEvent {
  id: string;
  event: string;
  data: StatusChange;
}

/** One connection of a reader: what came over it, and the end of it. */
export class EventReader {
  readonly told: ToldEvent[] = [];
  ended = false;
  status?: number;
  headers?: Headers;
  private readonly leaving = new AbortController();

  /** @param url of the events */
  constructor(url: string, token: string, lastEventId?: string) {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastEventId && { 'last-event-id': lastEventId }),
    };
    void this.read(url, headers)
      .catch(() => {})
      .finally(() => (this.ended = true));
  }

  leave(): void {
    this.leaving.abort();
  }

  private async read(url: string, headers: Record<string, string>): Promise<void> {
    const response = await fetch(url, { headers, signal: this.leaving.signal });
    this.status = response.status;
    this.headers = response.headers;
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) this.take(event);
    }
  }

  private take(text: string): void {
    const [, id = '', event = '', data = '{}'] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(text) ?? [];
    if (id !== '') this.told.push({ id, event, data: JSON.parse(data) as StatusChange });
  }
}
