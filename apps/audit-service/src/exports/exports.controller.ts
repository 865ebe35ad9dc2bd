import type { ServerResponse } from 'node:http';
import { AccessSignal, CurrentUser, RequirePermission } from '@gatehouse/access-control';
import { ExportEvents } from '@gatehouse/audit-contracts';
import type { Principal } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { Controller, Get, Header, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { TrailExporter } from './trail.exporter.js';

const TYPES = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/jsonl' };

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/audit/export')
export class ExportsController {
  constructor(private readonly exporter: TrailExporter) {}

  /** An export that has no manifest as its last line is not whole. */
  @Get()
  @RequirePermission('audit:export')
  @Header('cache-control', 'no-store')
  @Header('connection', 'close')
  async export(
    @Query({ schema: ExportEvents }) query: ExportEvents,
    @CurrentUser() principal: Principal,
    @CurrentRequest() request: RequestContext,
    @AccessSignal() access: AbortSignal,
    @Res({ passthrough: true }) { raw }: { raw: ServerResponse },
  ): Promise<StreamableFile | undefined> {
    if (raw.req.method === 'HEAD') return undefined;
    const stream = await this.exporter.export(query, { principal, ...request }, access);
    // A reader that left while it was prepared, or leaves later.
    if (raw.closed) stream.destroy();
    raw.once('close', () => stream.destroy());
    return new StreamableFile(stream, {
      type: TYPES[query.format],
      disposition: `attachment; filename="audit.${query.format}"`,
    });
  }
}
