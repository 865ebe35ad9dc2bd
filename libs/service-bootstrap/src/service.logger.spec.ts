import { createPino, ServiceLogger } from './service.logger.js';

const capture = (level = 'trace') => {
  const lines: Record<string, unknown>[] = [];
  const pino = createPino('audit-service', level, {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { logger: new ServiceLogger(pino), lines };
};

describe('ServiceLogger', () => {
  it('writes one JSON line with time, level, service, context and fields', () => {
    const { logger, lines } = capture();
    logger.log({ replica: 2 }, 'listening', 'Main');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        service: 'audit-service',
        context: 'Main',
        replica: 2,
        msg: 'listening',
      },
    ]);
  });

  it('keeps the stack and cause of an error', () => {
    const { logger, lines } = capture();
    logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed', 'Relay');
    expect(lines[0]).toMatchObject({ level: 'error', msg: 'failed', err: { message: 'outer: inner' } });
    logger.error('failed', 'Error: at somewhere', 'Relay');
    expect(lines[1]).toMatchObject({ context: 'Relay', stack: 'Error: at somewhere', msg: 'failed' });
  });

  it('never writes a secret, at any depth that requests and errors have', () => {
    const { logger, lines } = capture();
    logger.warn(
      {
        password: 's3cret',
        body: { refreshToken: 's3cret', nested: { clientSecret: 's3cret' } },
        headers: {
          authorization: 'Bearer s3cret',
          cookie: 's3cret',
          'set-cookie': 's3cret',
          'x-api-key': 's3cret',
        },
      },
      'odd request',
      'Http',
    );
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines[0]).toMatchObject({ password: '[redacted]', headers: { authorization: '[redacted]' } });
  });

  it('writes nothing below its level', () => {
    const { logger, lines } = capture('warn');
    logger.log('quiet', 'Main');
    logger.warn('loud', 'Main');
    expect(lines.map((line) => line['msg'])).toEqual(['loud']);
  });
});
