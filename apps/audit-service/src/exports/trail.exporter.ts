import { addAbortSignal, Readable } from 'node:stream';
import type { ExportEvents } from '@gatehouse/audit-contracts';
import { ExportWriter } from '@gatehouse/audit-log-verifier';
import { Injectable, Logger } from '@nestjs/common';
import type { Reader } from '../events/reading-event.js';
import { ReadingRecorder } from '../events/reading.recorder.js';
import { type TrailEvent, TrailReader } from '../events/trail.reader.js';
import { LogReader } from '../log/log.reader.js';
import { LogProver } from '../proofs/log.prover.js';
import { CsvExportWriter } from './csv-export-writer.js';

/** Writes the trail, or a part of it, as it stood when it was asked for. */
@Injectable()
export class TrailExporter {
  private readonly logger = new Logger(TrailExporter.name);

  constructor(
    private readonly trail: TrailReader,
    private readonly log: LogReader,
    private readonly prover: LogProver,
    private readonly readings: ReadingRecorder,
  ) {}

  /**
   * A stream of lines, made as they are read; it is in the trail before it begins. One that fails has no manifest.
   *
   * @param access ends it
   * @throws NotSignedYetError when no checkpoint holds what is in the log
   */
  async export({ format, ...filters }: ExportEvents, reader: Reader, access: AbortSignal): Promise<Readable> {
    const { note, size } = await this.prover.currentCheckpoint();
    await this.readings.record({ action: 'audit.exported', filters, details: { format, size } }, reader);
    const writer =
      format === 'csv'
        ? new CsvExportWriter({ filter: filters, size, checkpoint: note })
        : new ExportWriter(note, filters, (treeSize) => this.log.hashReader(treeSize));
    const texts = textsOf(this.trail.pages(filters, size), writer);
    const stream = addAbortSignal(access, Readable.from(texts, { objectMode: false, highWaterMark: 1 }));
    stream.once('error', (error) => this.logger.warn({ err: error }, 'An export broke off'));
    return stream;
  }
}

async function* textsOf(
  pages: AsyncIterable<TrailEvent[]>,
  writer: CsvExportWriter | ExportWriter,
): AsyncGenerator<string> {
  if (writer instanceof CsvExportWriter) yield writer.header();
  for await (const page of pages) {
    let text = '';
    for (const { kept, record } of page) {
      text +=
        writer instanceof CsvExportWriter
          ? writer.line(record)
          : await writer.line({ ...kept, event: { ...record } });
    }
    yield text;
  }
  yield await writer.manifest();
}
