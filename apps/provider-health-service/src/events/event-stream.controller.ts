import type { ServerResponse } from 'node:http';
import { Controller, Get, Header, Headers, Query, Res, StreamableFile } from '@nestjs/common';
import { AccessSignal, RequirePermission } from '@gatehouse/access-control';
import { EventStreamQuery } from '@gatehouse/provider-health-contracts';
import { EventStreamManager } from './event-stream.manager.js';

@Controller('v1/providers/events')
export class EventStreamController {
  constructor(private readonly streams: EventStreamManager) {}

  /** Changes of the status of all providers as server-sent events; `Last-Event-ID` goes on after an event. */
  @Get()
  @RequirePermission('providers:read')
  @Header('cache-control', 'no-cache')
  @Header('x-accel-buffering', 'no')
  // Else the connection would stay after the stream, and a replica that stops would wait for it.
  @Header('connection', 'close')
  async events(
    @Headers('last-event-id') header: string | undefined,
    @Query({ schema: EventStreamQuery }) { lastEventId }: EventStreamQuery,
    @AccessSignal() access: AbortSignal,
    @Res({ passthrough: true }) { raw }: { raw: ServerResponse },
  ): Promise<StreamableFile | undefined> {
    // It would stay open, without a body to end it by.
    if (raw.req.method === 'HEAD') return undefined;
    const stream = await this.streams.stream(header ?? lastEventId, access);
    // A reader that left while it was prepared, or leaves later.
    if (raw.closed) stream.destroy();
    raw.once('close', () => stream.destroy());
    return new StreamableFile(stream, { type: 'text/event-stream' });
  }
}
