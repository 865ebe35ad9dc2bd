import { readFile, rename, writeFile } from 'node:fs/promises';
import { type TrustedLog, type VerifiedCheckpoint } from '@gatehouse/transparency-log';
import { checkCheckpoint } from '../checkpoints/check-checkpoint.js';
import { UsageError } from './audit-command.js';

/** The note that a file remembers; undefined when there is no file yet, or none was asked for. */
export async function readState(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${path} cannot be read.`);
  }
}

/** The checkpoint that a file remembers. @throws VerificationFailedError when it is none of this log */
export async function readSeen(
  path: string | undefined,
  log: TrustedLog,
): Promise<VerifiedCheckpoint | undefined> {
  const note = await readState(path);
  return note === undefined ? undefined : checkCheckpoint(note, log);
}

export async function writeState(path: string | undefined, note: string): Promise<void> {
  if (path === undefined) return;
  await writeFile(`${path}.next`, note);
  await rename(`${path}.next`, path);
}
