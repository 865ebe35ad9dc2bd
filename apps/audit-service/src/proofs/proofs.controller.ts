import { RequirePermission } from '@gatehouse/access-control';
import { AuditEventId } from '@gatehouse/audit-contracts';
import { Controller, Get, Header, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  type ColumnsAnswer,
  ColumnsQuery,
  type ConsistencyAnswer,
  ConsistencyQuery,
} from './proof-queries.js';
import { LogProver } from './log.prover.js';
import { TilePath } from './tile-path.js';

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
/** What is asked for under one address is the same for ever. */
const FOR_EVER = 'private, max-age=31536000, immutable';

const tileParameter = { name: 'path', description: 'C2SP tlog-tiles: `0/x001/067.p/5`, `entries/000`' };

/** What the log proves, in the formats of C2SP, for `gatehouse-audit` and whoever else verifies. */
@ApiTags('proofs')
@ApiBearerAuth()
@Controller('v1/audit')
@RequirePermission('audit:read')
export class ProofsController {
  constructor(private readonly prover: LogProver) {}

  @Get('checkpoint')
  @Header('content-type', TEXT)
  @Header('cache-control', 'no-store')
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, description: 'The last signed checkpoint (tlog-checkpoint)' })
  @ApiResponse({ status: 503, description: '`not-signed-yet`' })
  checkpoint(): Promise<string> {
    return this.prover.checkpoint();
  }

  @Get('log-key')
  @Header('content-type', TEXT)
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, description: 'The verifier key (signed-note); two lines while it is replaced' })
  verifierKeys(): string {
    return this.prover.verifierKeys();
  }

  @Get('consistency')
  @ApiResponse({ status: 200, description: 'Hashes in base64 (RFC 9162 §2.1.4)' })
  @ApiResponse({ status: 400, description: '`validation-failed`: the log has not had these sizes' })
  consistency(@Query({ schema: ConsistencyQuery }) query: ConsistencyQuery): Promise<ConsistencyAnswer> {
    return this.prover.consistency(query);
  }

  @Get('columns')
  @ApiResponse({ status: 200, description: 'The search columns of events, as they are kept' })
  columns(@Query({ schema: ColumnsQuery }) query: ColumnsQuery): Promise<ColumnsAnswer> {
    return this.prover.columns(query);
  }

  @Get('tile/*')
  @Header('cache-control', FOR_EVER)
  @ApiParam(tileParameter)
  @ApiProduces(BYTES)
  @ApiResponse({ status: 200, description: 'A tile of hashes, or a bundle of entries' })
  @ApiResponse({ status: 404, description: '`not-found`: the log has it not, or not any more' })
  async tile(@Param('*', { schema: TilePath }) path: string): Promise<StreamableFile> {
    return new StreamableFile(await this.prover.tile(`tile/${path}`), { type: BYTES });
  }

  @Get('events/:id/proof')
  @Header('content-type', TEXT)
  @Header('cache-control', 'no-store')
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, description: 'Index, path and checkpoint (tlog-proof)' })
  @ApiResponse({ status: 404, description: '`not-found`' })
  @ApiResponse({ status: 503, description: '`not-signed-yet`' })
  proof(@Param('id', { schema: AuditEventId }) id: string): Promise<string> {
    return this.prover.proof(id);
  }

  @Get('events/:id/leaf')
  @ApiProduces(BYTES)
  @ApiResponse({
    status: 200,
    description: 'The exact bytes that are hashed: a version, then canonical JSON',
  })
  @ApiResponse({ status: 404, description: '`not-found`' })
  async leaf(@Param('id', { schema: AuditEventId }) id: string): Promise<StreamableFile> {
    return new StreamableFile(await this.prover.leaf(id), { type: BYTES });
  }
}
