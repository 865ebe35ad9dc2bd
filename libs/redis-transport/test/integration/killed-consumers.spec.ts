import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EventPublisher, type RequestClient } from '@gatehouse/redis-transport';
import { firstValueFrom } from 'rxjs';
import { eventually, QUICK, redisSettings, TransportWorld } from './transport-fixture.js';

interface AuditRequests {
  'audit.note': { payload: { n: number }; answer: { n: number } };
}

const SCRIPT = fileURLToPath(new URL('./consumer.process.mjs', import.meta.url));
const EVENTS = 2_000;
const REQUESTS = 1_000;

describe('consumers that are killed with -9', () => {
  const world = new TransportWorld();
  const children: ChildProcess[] = [];

  const startReplica = async (): Promise<ChildProcess> => {
    const options = { redis: redisSettings, namespace: world.namespace, limits: QUICK, workMs: 5 };
    const child = fork(SCRIPT, [JSON.stringify(options)], { execArgv: [] });
    children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`The replica ended with ${code}`)));
    });
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await world.end();
  });

  it('lose no event, and leave no caller without an end', async () => {
    const app = await world.start({ service: 'auth', asks: ['audit'], limits: { requestTimeoutMs: 20_000 } });
    const events = app.get<EventPublisher>(EventPublisher);
    const audit = app.get<RequestClient<AuditRequests>>('audit');
    const [first, second] = await Promise.all([startReplica(), startReplica()]);

    const ids = Array.from({ length: EVENTS }, (_, n) => `event-${n}`);
    const published = Promise.all(ids.map((id, n) => events.emit('providers.noted', { n }, { id })));
    const answers = Array.from({ length: REQUESTS }, (_, n) =>
      firstValueFrom(audit.send('audit.note', { n }, { id: `request-${n}` })).then(
        (answer) => answer.n === n,
        () => false,
      ),
    );
    const handledKey = `${world.namespace}:handled`;
    const noted = () => world.redis.hlen(handledKey);
    await eventually(async () => (await noted()) > 300, 'the first messages');
    await kill(first);
    await startReplica();
    await kill(second);
    await published;

    expect(await Promise.all(answers)).toEqual(Array.from({ length: REQUESTS }, () => true));
    const streams = ['{providers}:events', '{audit}:requests'].map((name) => `${world.namespace}:${name}`);
    for (const stream of streams) {
      await eventually(async () => (await world.redis.xlen(stream)) === 0, `${stream} to be empty`);
    }
    const handled = await world.redis.hkeys(handledKey);
    expect(new Set(handled)).toEqual(new Set([...ids, ...answers.map((_, n) => `request-${n}`)]));
  }, 60_000);
});
