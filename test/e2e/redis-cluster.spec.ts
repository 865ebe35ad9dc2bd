import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.js';
import { jsonCall } from '../support/json-call.js';
import { startCluster, type TestCluster } from '../support/redis-cluster.js';
import { RedisServers } from '../support/redis-servers.js';
import { root, startSuite, type Suite, SUITE_TIMEOUT_MS } from '../support/suite.js';

const run = promisify(execFile);

describe('the services on a Redis Cluster', () => {
  const servers = new RedisServers();
  let cluster: TestCluster;
  let suite: Suite;
  let nodes: string;

  beforeAll(async () => {
    await servers.prepare(4);
    cluster = await startCluster(servers);
    nodes = cluster.masters.map(({ host, port }) => `${host}:${port}`).join();
    suite = await startSuite({
      env: { REDIS_CLUSTER_NODES: nodes, REDIS_URL: undefined, REDIS_HOST: undefined },
    });
  }, SUITE_TIMEOUT_MS);

  afterAll(async () => {
    await suite.stop();
    await servers.end();
  }, SUITE_TIMEOUT_MS);

  const tour = async () => {
    const env = {
      ...process.env,
      GATEHOUSE_HOME: suite.home,
      REDIS_CLUSTER_NODES: nodes,
      REDIS_URL: undefined,
    };
    return (await run(process.execPath, ['tools/tour.mjs'], { cwd: root, env })).stdout;
  };
  const isReady = async () => {
    const urls = Object.values(suite.state.services).flat();
    const answers = await Promise.all(urls.map((url) => jsonCall('GET', `${url}/health/ready`)));
    return answers.every(({ status }) => status === 200);
  };

  it('do the main job, and again after one of its masters was killed', async () => {
    expect(await tour()).toContain('Everything was what it said');
    const sizes = await Promise.all(cluster.masters.map(({ client }) => client.dbsize()));
    expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(5);
    await cluster.masters[0].kill();
    await eventually('the outage', async () => !(await isReady()));
    await eventually('its end', isReady);
    expect(await tour()).toContain('Everything was what it said');
  }, 90_000);
});
