import { connect as connectPlain, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-settings.js';

const ASK_TIMEOUT_MS = 1_000;

type Connector = NonNullable<RedisOptions['Connector']>;
/** The first server is the master. */
type SlotRange = [from: number, to: number, ...servers: [host: string | null, port: number, ...unknown[]][]];

/**
 * Has one connection lead to the node of a cluster that holds a slot, or to any node that holds one: reads that block
 * and subscriptions need a connection of their own. The nodes are asked before each attempt, so that one made after a
 * failover leads to the new master.
 *
 * @param seeds nodes that are asked at first; those they name are asked later
 */
export function clusterNodeConnector(
  seeds: readonly RedisAddress[],
  slot: number | undefined,
  options: RedisOptions,
): Connector {
  let known: readonly RedisAddress[] = seeds;

  return class ClusterNodeConnector extends AbstractConnector {
    constructor() {
      super(options.disconnectTimeout ?? 0);
    }

    async connect(): Promise<Socket> {
      this.connecting = true;
      const found = await this.find();
      // `disconnect` was called meanwhile.
      if (!this.connecting) throw new Error('Connection is closed.');
      if (found instanceof Error) {
        this.firstError = found;
        return new Socket().destroy();
      }
      this.stream = options.tls ? connectTls({ ...found, ...options.tls }) : connectPlain(found);
      this.stream.once('error', (error: Error) => {
        this.firstError = error;
      });
      return this.stream;
    }

    private async find(): Promise<RedisAddress | Error> {
      let failure = new Error('No node of the cluster is known');
      for (const node of shuffled(distinct([...known, ...seeds]))) {
        try {
          const ranges = await askForSlots(node, options);
          const masters = mastersOf(ranges, node, slot);
          if (masters.length === 0) throw new Error(`CLUSTERDOWN ${nameOf(node)} knows no node of the key`);
          known = mastersOf(ranges, node);
          return masters[Math.floor(Math.random() * masters.length)] as RedisAddress;
        } catch (error) {
          failure = error instanceof Error ? error : new Error(String(error));
        }
      }
      return failure;
    }
  };
}

async function askForSlots(node: RedisAddress, options: RedisOptions): Promise<SlotRange[]> {
  const redis = new Redis({
    ...{ host: node.host, port: node.port, tls: options.tls },
    ...{ username: options.username, password: options.password, connectionName: options.connectionName },
    ...{ connectTimeout: ASK_TIMEOUT_MS, commandTimeout: ASK_TIMEOUT_MS, disconnectTimeout: 0 },
    enableReadyCheck: false,
    retryStrategy: null,
  });
  let reason: Error | undefined;
  redis.on('error', (error) => (reason = error));
  try {
    return await redis.cluster('SLOTS');
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

/** Who holds the slot, or any. A node that does not know its own host says nothing: it is the one that was asked. */
function mastersOf(ranges: readonly SlotRange[], asked: RedisAddress, slot?: number): RedisAddress[] {
  const meant = ranges.filter(([from, to]) => slot === undefined || (from <= slot && slot <= to));
  return distinct(
    meant.flatMap(([, , master]) =>
      master === undefined ? [] : [{ host: master[0] || asked.host, port: master[1] }],
    ),
  );
}

const nameOf = ({ host, port }: RedisAddress) => `${host}:${port}`;

function distinct(addresses: readonly RedisAddress[]): RedisAddress[] {
  return [...new Map(addresses.map((address) => [nameOf(address), address])).values()];
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
