import { parseArgs } from 'node:util';
import { Refusal } from '../refusal.mjs';
import { ALL_SERVICES } from './services.mjs';

const MOST_REPLICAS = 20;

export const USAGE = `npm start -- [--replicas N | --replicas auth=2,provider-health=1,audit=3] [--fresh] [--with-example]

  --replicas       how many of each service (1)
  --with-example   also the example of a product team's service, examples/projects-service
  --fresh          begin with empty data: what is in GATEHOUSE_HOME is deleted

  GATEHOUSE_PORT   port of the gateway (3000); the services take the ports after it
  GATEHOUSE_HOME   folder for data, secrets and state (./.gatehouse)
  DATABASE_URL; REDIS_URL, REDIS_HOST, REDIS_SENTINELS or REDIS_CLUSTER_NODES
                   engines to use instead of those the launcher starts`;

/** `{ replicas: { auth: 1, … }, fresh, withExample, help, port }` */
export function readArguments(args, env) {
  const { replicas, fresh, help, 'with-example': withExample } = parse(args);
  const port = readPort(env.GATEHOUSE_PORT ?? '3000');
  return { replicas: countReplicas(replicas), fresh, withExample, help, port };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        replicas: { type: 'string', default: '1' },
        'with-example': { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Refusal(`${error.message}\n\n${USAGE}`);
  }
}

function countReplicas(text) {
  const counts = Object.fromEntries(ALL_SERVICES.map(({ key }) => [key, 1]));
  if (/^\d+$/.test(text)) {
    for (const key of Object.keys(counts)) counts[key] = readCount(text);
    return counts;
  }
  for (const part of text.split(',')) {
    const [name, count] = part.split('=');
    const service = ALL_SERVICES.find(({ key, nick }) => name === key || name === nick);
    if (!service) throw new Refusal(`--replicas ${text}: there is no service "${name}".\n\n${USAGE}`);
    counts[service.key] = readCount(count);
  }
  return counts;
}

function readCount(text) {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_REPLICAS) return count;
  throw new Refusal(`--replicas: "${text ?? ''}" is no number from 1 to ${MOST_REPLICAS}.\n\n${USAGE}`);
}

function readPort(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_000) return port;
  throw new Refusal(`GATEHOUSE_PORT: "${text}" is no port from 1 to 65000.`);
}
