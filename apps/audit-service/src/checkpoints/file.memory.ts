import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '@gatehouse/transparency-log';
import type { HeadMemory } from './signed-head.js';

/** The last signed head in a file: what is left when both PostgreSQL and Redis come from backups. */
export class FileMemory implements HeadMemory {
  readonly name: string;

  constructor(private readonly path: string) {
    this.name = `the file ${path}`;
  }

  async recall(origin: string): Promise<Checkpoint | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const head = parseCheckpoint(text);
    return head.origin === origin ? head : undefined;
  }

  /** All of it or nothing, also when the machine stops in between. */
  async remember(head: Checkpoint): Promise<void> {
    const next = `${this.path}.next`;
    await writeThrough(next, formatCheckpoint(head));
    await rename(next, this.path);
    const folder = await open(dirname(this.path));
    await folder.sync().finally(() => folder.close());
  }
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
