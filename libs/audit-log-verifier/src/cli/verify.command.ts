import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { verifyExport } from '../exports/verify-export.js';
import { verifyLog } from '../live/verify-log.js';
import { type AuditCommandCall, UsageError } from './audit-command.js';
import { readState, writeState } from './checkpoint-state.js';

const PROGRESS_EVERY = 100_000;

/** `verify FILE`, `verify URL` */
export async function verify(call: AuditCommandCall): Promise<void> {
  if (/^https?:\/\//.test(call.subject)) return verifyService(call);
  if (!existsSync(call.subject)) throw new UsageError(`${call.subject} is neither a file nor a URL.`);
  return verifyFile(call);
}

async function verifyFile({ subject, log, output }: AuditCommandCall): Promise<void> {
  const lines = createInterface({ input: createReadStream(subject), crlfDelay: Infinity });
  const { count, firstSeq, lastSeq, filter, checkpoint } = await verifyExport(lines, log);
  const range = count === 0 ? '' : `, seq ${firstSeq} to ${lastSeq}`;
  const chosen = Object.keys(filter).length === 0 ? 'none left out' : `chosen by ${JSON.stringify(filter)}`;
  await output.out(
    `Verified: ${count} events${range} (${chosen}), in ${log.origin} of ${checkpoint.size} events.\n`,
  );
}

async function verifyService({ api, log, state, output }: AuditCommandCall): Promise<void> {
  const { checkpoint, note } = await verifyLog(api(), log, {
    seen: await readState(state),
    onProgress: (events) => {
      if (events % PROGRESS_EVERY === 0) output.err(`${events} events hold so far\n`);
    },
  });
  await writeState(state, note);
  await output.out(`Verified: ${log.origin} of ${checkpoint.size} events, leaves, tiles and columns.\n`);
}
