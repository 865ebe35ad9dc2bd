import { open } from 'node:fs/promises';
import { type HashReader, TILE_WIDTH, tileHashReader, tileWidth } from '@gatehouse/transparency-log';
import { checkCheckpoint } from '../checkpoints/check-checkpoint.js';
import { ExportWriter } from '../exports/export-writer.js';
import type { SearchColumns } from '../leaves/search-columns.js';
import type { LogSource } from '../live/log-source.js';
import { VerificationFailedError } from '../verification-failed-error.js';
import { type AuditCommandCall, UsageError } from './audit-command.js';

/** `export URL`: all events of a range, what is personal sealed in them. */
export async function exportLog({ api, log, from = 0, to, out, output }: AuditCommandCall): Promise<void> {
  const source = api();
  const note = await source.checkpoint();
  const { size } = checkCheckpoint(note, log);
  const end = Math.min(size, to === undefined ? size : to + 1);
  if (from > end) throw new UsageError(`The log has ${size} events: --from is behind the end.`);
  const writer = new ExportWriter(note, {}, (treeSize) => hashReaderOf(source, treeSize));
  const file = out === undefined ? undefined : await open(out, 'w', 0o600);
  const write = async (text: string) => (file === undefined ? output.out(text) : file.write(text));
  try {
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < end; index++) {
      await write(await linesOf(source, writer, { index, size, from, end }));
    }
    await write(await writer.manifest());
  } finally {
    await file?.close();
  }
  output.err(`Exported: ${end - from} events of ${size}.\n`);
}

/** The lines of the events of a bundle that are asked for. */
async function linesOf(
  source: LogSource,
  writer: ExportWriter,
  { index, size, from, end }: { index: number; size: number; from: number; end: number },
): Promise<string> {
  const first = index * TILE_WIDTH;
  const width = tileWidth(0, index, size);
  const leaves = await source.entries(index, width);
  if (leaves === undefined)
    throw new VerificationFailedError('this event, or one soon after it, is missing', first);
  const columns = new Map((await source.columns(first, first + width)).map((row) => [row.seq, row]));
  let lines = '';
  for (const [place, leaf] of leaves.entries()) {
    const seq = first + place;
    if (seq < from || seq >= end) continue;
    const row = columns.get(seq) as unknown as SearchColumns | undefined;
    lines += await writer.line({ seq, leaf, ...(row && { columns: row }) });
  }
  return lines;
}

function hashReaderOf(source: LogSource, size: number): HashReader {
  return tileHashReader(size, async (tile) => {
    const bytes = await source.tile(tile);
    if (bytes !== undefined) return bytes;
    const seq = tile.index * TILE_WIDTH ** (tile.level + 1);
    throw new VerificationFailedError(`tile ${tile.index} of level ${tile.level} is missing`, seq);
  });
}
