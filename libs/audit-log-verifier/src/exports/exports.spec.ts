import fc from 'fast-check';
import { ALog, flipBit, LOG } from '../../test/a-log.js';
import { VerificationFailedError } from '../verification-failed-error.js';
import type { ExportLine, ExportManifest } from './export-format.js';
import { ExportWriter } from './export-writer.js';
import { verifyExport } from './verify-export.js';

const SIZE = 400;
const log = new ALog(SIZE);

async function exportOf(
  seqs: readonly number[],
  filter: Record<string, unknown> = {},
  size = SIZE,
): Promise<string[]> {
  const writer = new ExportWriter(log.noteOf(size), filter, () => log.tree.readHash);
  const lines: string[] = [];
  for (const seq of seqs) {
    const { leaf, columns } = log.row(seq);
    const event = JSON.parse(leaf.toString('utf8', 1)) as { actor: object };
    const named = { ...event, actor: { ...event.actor, name: 'Ada' }, seq };
    lines.push(await writer.line({ seq, leaf, columns, event: named }));
  }
  return [...lines, await writer.manifest()].map((line) => line.trimEnd());
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, place) => from + place);

/** Changes a line, as JSON. */
function edit<Line>(lines: string[], at: number, change: (line: Line) => void): void {
  const line = JSON.parse(lines.at(at) as string) as Line;
  change(line);
  lines[at < 0 ? lines.length + at : at] = JSON.stringify(line);
}

async function failureOf(lines: string[]): Promise<VerificationFailedError> {
  const failure: unknown = await verifyExport(lines, LOG).catch((error: unknown) => error);
  if (!(failure instanceof VerificationFailedError)) throw new Error('It was verified', { cause: failure });
  return failure;
}

describe('an export', () => {
  it('holds for any choice of events from a log of any size', async () => {
    const choices = fc.tuple(fc.nat(SIZE), fc.array(fc.nat(SIZE - 1), { maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(choices, async ([size, chosen]) => {
        const seqs = [...new Set(chosen)].filter((seq) => seq < size).sort((one, other) => one - other);
        const lines = await exportOf(seqs, { action: 'auth.*' }, size);
        const { count, firstSeq, lastSeq, checkpoint } = await verifyExport(lines, LOG);
        expect([count, firstSeq, lastSeq]).toEqual([seqs.length, seqs[0] ?? null, seqs.at(-1) ?? null]);
        expect(checkpoint.size).toBe(size);
      }),
    );
    expect((await verifyExport(await exportOf(range(100, 200)), LOG)).filter).toEqual({});
  });

  it.each<[string, (lines: string[]) => void, number | undefined, RegExp]>([
    [
      'a bit in a leaf',
      (lines) =>
        edit<{ leaf: string }>(lines, 20, (line) => {
          line.leaf = flipBit(Buffer.from(line.leaf, 'base64'), 40).toString('base64');
        }),
      120,
      /event was changed/,
    ],
    [
      'a search column',
      (lines) =>
        edit<{ columns: { actorId: string } }>(lines, 20, (line) => (line.columns.actorId = 'mallory')),
      120,
      /search column actorId/,
    ],
    [
      'a search column away',
      (lines) => edit<{ columns: { actorId?: string } }>(lines, 20, (line) => delete line.columns.actorId),
      120,
      /search column actorId/,
    ],
    [
      'a field of the event',
      (lines) => edit<{ event: { outcome: string } }>(lines, 20, (line) => (line.event.outcome = 'failure')),
      120,
      /field outcome/,
    ],
    [
      'another actor',
      (lines) =>
        edit<{ event: { actor: { id: string } } }>(lines, 20, (line) => (line.event.actor.id = 'eve')),
      120,
      /field actor/,
    ],
    [
      'two lines swapped',
      (lines) => lines.splice(20, 2, lines[21] as string, lines[20] as string),
      120,
      /missing/,
    ],
    ['a line twice', (lines) => lines.splice(20, 0, lines[20] as string), 120, /twice/],
    [
      'two rows swapped under their places',
      (lines) => {
        const [one, other] = [20, 30].map((at) => JSON.parse(lines[at] as string) as ExportLine);
        lines[20] = JSON.stringify({ ...other, seq: 120 });
        lines[30] = JSON.stringify({ ...one, seq: 130 });
      },
      undefined,
      /seq 100 to 199, do not make the signed root/,
    ],
    ['a line away', (lines) => lines.splice(20, 1), 120, /missing/],
    ['the tail cut', (lines) => lines.splice(90), 190, /tail is cut/],
    ['the tail cut before the manifest', (lines) => lines.splice(90, 10), 190, /tail is cut/],
    [
      'something behind the manifest',
      (lines) => lines.push(lines[0] as string),
      undefined,
      /behind the manifest/,
    ],
    ['a line that is no JSON', (lines) => (lines[20] = '{"seq":'), 120, /no JSON/],
    ['a line that is none', (lines) => (lines[20] = '{"seq":120}'), 120, /malformed/],
    [
      'a hash in place of others',
      (lines) =>
        edit<{ before: string[] }>(
          lines,
          0,
          (line) => (line.before[0] = Buffer.alloc(32).toString('base64')),
        ),
      undefined,
      /signed root/,
    ],
    [
      'fewer hashes in place of others',
      (lines) => edit<{ before: string[] }>(lines, 0, (line) => line.before.pop()),
      0,
      /do not fit/,
    ],
    [
      'an older checkpoint',
      (lines) =>
        edit<{ manifest: { checkpoint: string } }>(
          lines,
          -1,
          ({ manifest }) => (manifest.checkpoint = log.noteOf(150)),
        ),
      150,
      /older one/,
    ],
    [
      'another checkpoint',
      (lines) =>
        edit<{ manifest: { checkpoint: string } }>(
          lines,
          -1,
          ({ manifest }) => (manifest.checkpoint = log.noteOf(300)),
        ),
      undefined,
      /another one/,
    ],
    [
      'a checkpoint that nobody signed',
      (lines) =>
        edit<{ manifest: { checkpoint: string } }>(
          lines,
          -1,
          ({ manifest }) => (manifest.checkpoint = manifest.checkpoint.replace('400', '401')),
        ),
      undefined,
      /not signed/,
    ],
    [
      'another count',
      (lines) => edit<{ manifest: { count: number } }>(lines, -1, ({ manifest }) => (manifest.count = 101)),
      undefined,
      /manifest says 101/,
    ],
  ])('does not hold with %s', async (_what, change, seq, words) => {
    const lines = await exportOf(range(100, 200));
    change(lines);
    const failure = await failureOf(lines);
    expect(failure.what).toMatch(words);
    expect(failure.seq).toBe(seq);
  });

  it('leaves nothing out between two events but by a filter', async () => {
    const seqs = [...range(100, 150), ...range(160, 200)];
    expect(await failureOf(await exportOf(seqs))).toMatchObject({ seq: 150 });
    const lines = await exportOf(seqs, { outcome: 'success' });
    edit<{ manifest: ExportManifest }>(lines, -1, ({ manifest }) => Object.assign(manifest, { filter: {} }));
    expect(await failureOf(lines)).toMatchObject({ seq: 150 });
  });

  it('is not written out of order, nor beyond the checkpoint', async () => {
    await expect(exportOf([5, 4])).rejects.toThrow(RangeError);
    await expect(exportOf([5], {}, 5)).rejects.toThrow(RangeError);
  });
});
