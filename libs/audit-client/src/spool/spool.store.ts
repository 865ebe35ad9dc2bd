import { mkdir, open, type FileHandle, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEvent } from '@gatehouse/audit-contracts';
import {
  closedName,
  openName,
  readSegment,
  SEGMENT_BYTES,
  SEGMENT_EVENTS,
  segmentNumber,
  writerOf,
} from './spool-segment.js';
import { SpoolFullError } from './spool.errors.js';

/** What waits to be sent, the oldest. */
export interface SpooledBatch {
  readonly name: string;
  readonly events: readonly AuditEvent[];
}

interface Segment {
  readonly name: string;
  readonly number: number;
  readonly file: FileHandle;
  events: number;
  bytes: number;
}

/**
 * A directory of files, each an append to come. One process at a time writes into it; what an earlier one left is sent
 * by the next.
 */
export class SpoolStore {
  private segment: Segment | undefined;
  private prepared = false;
  private next = 0;
  private size = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** @param maxBytes of all files together; beyond it events are refused */
  constructor(
    private readonly directory: string,
    private readonly maxBytes: number,
  ) {}

  /** Bytes that wait. */
  get bytes(): number {
    return this.size;
  }

  /**
   * Writes lines to the disk; resolves when they are there, whatever becomes of the machine.
   *
   * @throws SpoolFullError when there is no room, and then none of them is kept
   */
  append(lines: readonly string[]): Promise<void> {
    return this.alone(async () => {
      await this.prepare();
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      if (this.size + bytes.length > this.maxBytes) throw new SpoolFullError();
      const segment = (this.segment ??= await this.begin());
      try {
        await segment.file.appendFile(bytes);
        await segment.file.datasync();
      } catch (error) {
        // What may be half a line must not be written on.
        await segment.file.truncate(segment.bytes).catch(() => this.close());
        throw error;
      }
      segment.events += lines.length;
      segment.bytes += bytes.length;
      this.size += bytes.length;
      if (segment.events >= SEGMENT_EVENTS || segment.bytes >= SEGMENT_BYTES) await this.close();
    });
  }

  /** The oldest of what waits; undefined when nothing does. */
  oldest(): Promise<SpooledBatch | undefined> {
    return this.alone(async () => {
      await this.prepare();
      if ((await this.waiting()).length === 0) await this.close();
      const [name] = await this.waiting();
      if (name === undefined) return undefined;
      return { name, events: readSegment(await readFile(join(this.directory, name), 'utf8')) };
    });
  }

  /** Forgets a batch that audit-service has. */
  remove({ name }: SpooledBatch): Promise<void> {
    return this.alone(async () => {
      const { size } = await stat(join(this.directory, name));
      await unlink(join(this.directory, name));
      this.size -= size;
    });
  }

  /** Keeps a batch that audit-service will never take, for somebody to look at: `{name}.refused`. */
  putAside({ name }: SpooledBatch): Promise<void> {
    return this.alone(async () => {
      const { size } = await stat(join(this.directory, name));
      await this.move(name, `${name}.refused`);
      this.size -= size;
    });
  }

  /** Closes what is being written, so that the next process may send it. */
  end(): Promise<void> {
    return this.alone(() => this.close());
  }

  /** Makes the directory, and takes over what earlier processes left in it. */
  private async prepare(): Promise<void> {
    if (this.prepared) return;
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    let size = 0;
    for (const name of await readdir(this.directory)) {
      const number = segmentNumber(name);
      const writer = writerOf(name);
      if (number === undefined || (writer !== undefined && writer !== process.pid && isRunning(writer)))
        continue;
      this.next = Math.max(this.next, number + 1);
      size += (await stat(join(this.directory, name))).size;
      if (writer !== undefined) await this.move(name, closedName(number));
    }
    this.size = size;
    this.prepared = true;
  }

  private async waiting(): Promise<string[]> {
    return (await readdir(this.directory))
      .filter((name) => segmentNumber(name) !== undefined && writerOf(name) === undefined)
      .sort();
  }

  private async begin(): Promise<Segment> {
    const number = this.next++;
    const name = openName(number, process.pid);
    const file = await open(join(this.directory, name), 'ax', 0o600);
    const directory = await open(this.directory);
    await directory.sync().finally(() => directory.close());
    return { name, number, file, events: 0, bytes: 0 };
  }

  private async close(): Promise<void> {
    const { segment } = this;
    if (segment === undefined) return;
    await this.move(segment.name, closedName(segment.number));
    this.segment = undefined;
    await segment.file.close();
  }

  private move(from: string, to: string): Promise<void> {
    return rename(join(this.directory, from), join(this.directory, to));
  }

  /** One thing at a time: a file is not closed while it is written. */
  private alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
