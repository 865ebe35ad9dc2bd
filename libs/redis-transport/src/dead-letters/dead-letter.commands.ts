import type { RedisConnection } from '@gatehouse/redis';
import type { DeadLetter } from './dead-letter.js';
import { DeadLetterBox, type DeadLetterBoxName } from './dead-letter.box.js';

/** Where the command writes. */
export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
}

/** What the operator did wrong, in a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command is called with. */
export interface DeadLetterCall {
  redis: RedisConnection;
  boxes: readonly DeadLetterBoxName[];
  name: string | undefined;
  ids: readonly string[];
  values: { json: boolean; all: boolean; limit: string; 'without-token': boolean };
  output: CommandOutput;
  /** The access token to replay with. */
  token: () => string | undefined;
}

/** @returns the exit code: 0, or 1 when something was not found or not done */
export type DeadLetterCommand = (call: DeadLetterCall) => Promise<number>;

export async function list({ redis, boxes, name, values, output }: DeadLetterCall): Promise<number> {
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a number from 1.');
  const wanted = name === undefined ? boxes : [named(boxes, name)];
  let total = 0;
  for (const box of wanted) {
    const letters = new DeadLetterBox(redis, box);
    const count = await letters.count();
    total += count;
    if (count === 0) continue;
    if (name === undefined) {
      output.out(values.json ? line({ box: box.name, count }) : `${box.name}  ${count}\n`);
      continue;
    }
    for (const letter of await letters.list(limit)) {
      output.out(values.json ? line({ box: box.name, ...letter }) : summary(letter));
    }
    if (!values.json && count > limit) output.out(`… and ${count - limit} more (--limit)\n`);
  }
  if (total === 0 && !values.json) output.out('There are no dead letters.\n');
  return 0;
}

export async function show({ redis, boxes, name, ids, values, output }: DeadLetterCall): Promise<number> {
  const box = new DeadLetterBox(redis, named(boxes, name));
  if (ids.length === 0) throw new UsageError('Say which one: an ID that list tells.');
  let missing = 0;
  for (const id of ids) {
    const letter = await box.get(validId(id));
    if (letter === undefined) {
      missing++;
      output.err(`There is no ${id} in ${box.box.name}.\n`);
    } else output.out(values.json ? line(letter) : `${JSON.stringify(letter, undefined, 2)}\n`);
  }
  return missing > 0 ? 1 : 0;
}

export async function replay(call: DeadLetterCall): Promise<number> {
  const token = call.token();
  if (token === undefined && !call.values['without-token']) {
    throw new UsageError('A replay needs --token-file or GATEHOUSE_TOKEN, or --without-token.');
  }
  return each(call, 'put back', (box, letter) => box.replay(letter, token));
}

export async function drop(call: DeadLetterCall): Promise<number> {
  return each(call, 'dropped', (box, letter) => box.drop(letter.id));
}

async function each(
  { redis, boxes, name, ids, values, output }: DeadLetterCall,
  done: string,
  act: (box: DeadLetterBox, letter: DeadLetter) => Promise<boolean>,
): Promise<number> {
  const box = new DeadLetterBox(redis, named(boxes, name));
  if (values.all === ids.length > 0) throw new UsageError('Say which ones: IDs, or --all.');
  let count = 0;
  let failed = 0;
  const actOn = async (id: string, letter: DeadLetter | undefined) => {
    try {
      if (letter !== undefined && (await act(box, letter))) count++;
      else throw new TypeError(`There is no ${id} in ${box.box.name}.`);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      failed++;
      output.err(`${error.message}\n`);
    }
  };
  if (values.all) for await (const letter of box.all()) await actOn(letter.id, letter);
  else for (const id of ids.map(validId)) await actOn(id, await box.get(id));
  output.out(
    values.json ? line({ box: box.box.name, [done.replace(' ', '-')]: count }) : `${count} ${done}\n`,
  );
  return failed > 0 ? 1 : 0;
}

function named(boxes: readonly DeadLetterBoxName[], name: string | undefined): DeadLetterBoxName {
  if (name === undefined) throw new UsageError('Say which box, e.g. requests/audit.');
  const box = boxes.find((candidate) => candidate.name === name);
  if (box !== undefined) return box;
  const known = boxes.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`There are no dead letters in ${name}${known === '' ? '' : `, but in ${known}`}.`);
}

function validId(id: string): string {
  if (!/^\d+-\d+$/.test(id)) throw new UsageError(`${id} is no ID of a dead letter, e.g. 1753436400000-0.`);
  return id;
}

function summary({ id, pattern, headers, deliveries, error, thrown }: DeadLetter): string {
  const why = thrown ?? error.title;
  return `${id}  ${pattern ?? '(no message)'}  ${headers['message-id'] ?? ''}  ${deliveries} deliveries  ${why}\n`;
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
