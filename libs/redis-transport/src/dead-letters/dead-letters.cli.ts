import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EnvironmentError, readEnvironment, redisSettings, redisVariables } from '@gatehouse/environment';
import { createRedis, firstConnection, isRedisUnavailable, type RedisConnection } from '@gatehouse/redis';
import { z } from 'zod';
import { findDeadLetterBoxes } from './dead-letter.box.js';
import {
  type CommandOutput,
  type DeadLetterCommand,
  drop,
  list,
  replay,
  show,
  UsageError,
} from './dead-letter.commands.js';

export const DEAD_LETTERS_USAGE = `Usage: gatehouse-dead-letters list [BOX]           how many there are, and the oldest of a box
       gatehouse-dead-letters show BOX ID          the message, why it was given up, its deliveries
       gatehouse-dead-letters replay BOX ID...     put messages back for the service that gave them up
       gatehouse-dead-letters drop BOX ID...       remove messages

BOX is requests/SERVICE or events/OWNER/SUBSCRIBER, as list tells. Instead of IDs: --all.
  --json               one JSON object a line
  --limit N            at most so many of a box (list; 50)
  --namespace NAME     the first part of every key (gatehouse)
  --token-file FILE    replay in the name of this access token, or of GATEHOUSE_TOKEN: dead letters hold no
                       token, and guards refuse a message without one
  --without-token      replay without one all the same
Redis is found by REDIS_URL, or the other REDIS_ variables of the services.
`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  limit: { type: 'string', default: '50' },
  namespace: { type: 'string', default: 'gatehouse' },
  'token-file': { type: 'string' },
  'without-token': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const variables = z.object({ ...redisVariables, GATEHOUSE_TOKEN: z.string().min(1).optional() });

/**
 * `gatehouse-dead-letters`.
 *
 * @returns the exit code: 0, 1 when something was not found or not done, 2 when it was called wrongly, 69 when Redis is
 * away, 78 when the configuration is wrong
 */
export async function runDeadLetters(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: CommandOutput,
): Promise<number> {
  let redis: RedisConnection | undefined;
  try {
    const { values, positionals } = parse(args);
    const [command, name, ...ids] = positionals;
    if (values.help || command === undefined) {
      output.out(DEAD_LETTERS_USAGE);
      return values.help ? 0 : 2;
    }
    const environment = readEnvironment(variables, env);
    redis = createRedis(redisSettings(environment), { name: 'dead-letters', role: 'commands' });
    await firstConnection(redis, 5_000);
    const boxes = await findDeadLetterBoxes(redis, values.namespace);
    const call = { redis, boxes, name, ids, values, output, token: () => tokenOf(values, environment) };
    return await commandOf(command)(call);
  } catch (error) {
    return tell(error, output);
  } finally {
    redis?.disconnect();
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function commandOf(name: string): DeadLetterCommand {
  const commands: Record<string, DeadLetterCommand> = { list, show, replay, drop };
  const command = commands[name];
  if (command === undefined) throw new UsageError(`There is no command ${name}.`);
  return command;
}

function tokenOf(
  values: ReturnType<typeof parse>['values'],
  environment: { GATEHOUSE_TOKEN?: string | undefined },
): string | undefined {
  const file = values['token-file'];
  if (file === undefined) return environment.GATEHOUSE_TOKEN;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UsageError(`${file} cannot be read.`);
  }
}

function tell(error: unknown, output: CommandOutput): number {
  if (error instanceof UsageError) {
    output.err(`${error.message}\n`);
    return 2;
  }
  if (error instanceof EnvironmentError) {
    output.err(`${error.message}\n`);
    return 78;
  }
  if (!isRedisUnavailable(error)) throw error;
  output.err(`Redis is away: ${error instanceof Error ? error.message : 'no answer'}\n`);
  return 69;
}
