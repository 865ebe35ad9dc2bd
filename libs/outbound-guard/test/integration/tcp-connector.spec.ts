import { TcpConnector } from '@gatehouse/outbound-guard';
import { closedPort, hanging, type Upstream } from '../../../../test/support/upstreams.js';

describe('TcpConnector', () => {
  let upstream: Upstream;
  beforeAll(async () => (upstream = await hanging()));
  afterAll(() => upstream.close());

  const connector = new TcpConnector({ allowPrivate: true });

  it('reaches who listens, by name and address', async () => {
    for (const host of ['127.0.0.1', 'localhost'])
      await connector.reach({ host, port: upstream.port, deadlineMs: 20_000 });
    expect(upstream.connections()).toBe(2);
  });

  it('reaches nothing of this network unless it may, in no spelling', async () => {
    const taken = upstream.connections();
    const strict = new TcpConnector({ allowPrivate: false });
    for (const host of ['127.0.0.1', 'localhost', '127.1', '2130706433', '0x7f.1', '::1', '::ffff:127.0.0.1'])
      await expect(strict.reach({ host, port: upstream.port, deadlineMs: 20_000 })).rejects.toMatchObject({
        name: 'OutboundFailure',
      });
    expect(upstream.connections()).toBe(taken);
  });

  it('says that nobody listens', async () => {
    await expect(
      connector.reach({ host: '127.0.0.1', port: await closedPort(), deadlineMs: 20_000 }),
    ).rejects.toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
  });

  it('gives up at its deadline, and when its caller does', async () => {
    const never = new TcpConnector({ allowPrivate: true, resolve: () => new Promise(() => {}) });
    await expect(never.reach({ host: 'never.test', port: 1, deadlineMs: 100 })).rejects.toMatchObject({
      kind: 'timeout',
    });
    await expect(
      never.reach({ host: 'never.test', port: 1, deadlineMs: 60_000, signal: AbortSignal.timeout(100) }),
    ).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
