import fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { newWebhookSecret, webhookKey } from './webhook-secret.js';
import { signWebhook } from './webhook-signature.js';

const message = { id: '0199', body: '{"type":"ping"}' };

describe('signWebhook', () => {
  it('signs what the official library signs, and it verifies', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((id) => /^[\w-]+$/.test(id)),
        fc.json(),
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        (id, body, bytes) => {
          const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
          const now = Date.now();
          const headers = signWebhook({ id, body }, [secret], now);
          const official = new Webhook(secret);
          expect(headers['webhook-signature']).toBe(official.sign(id, new Date(now), body));
          expect(official.verify(body, { ...headers })).toEqual(JSON.parse(body));
        },
      ),
    );
  });

  it('is verified by whoever knows any of the secrets, and by nobody else', () => {
    const [next, previous, other] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
    const headers = { ...signWebhook(message, [next, previous], Date.now()) };
    for (const secret of [next, previous])
      expect(new Webhook(secret).verify(message.body, headers)).toEqual({ type: 'ping' });
    expect(() => new Webhook(other).verify(message.body, headers)).toThrow(WebhookVerificationError);
  });

  it('holds body, id and time', () => {
    const secret = newWebhookSecret();
    const official = new Webhook(secret);
    const headers = { ...signWebhook(message, [secret], Date.now()) };
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(() => official.verify('{"type":"pong"}', headers)).toThrow(WebhookVerificationError);
    expect(() => official.verify(message.body, { ...headers, 'webhook-id': '0200' })).toThrow();
    expect(() => official.verify(message.body, { ...headers, 'webhook-timestamp': later })).toThrow();
    const old = { ...signWebhook(message, [secret], Date.now() - 6 * 60_000) };
    expect(() => official.verify(message.body, old)).toThrow('too old');
  });

  it('signs the example of the specification', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
    expect(signWebhook(example, [secret], 1_614_265_330_000)).toEqual({
      'webhook-id': example.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('needs a secret', () => {
    expect(() => signWebhook(message, [], 0)).toThrow(TypeError);
  });
});

describe('webhook secrets', () => {
  it('are 32 bytes, each another', () => {
    const [one, other] = [newWebhookSecret(), newWebhookSecret()];
    expect(webhookKey(one)).toHaveLength(32);
    expect(one).not.toBe(other);
  });

  it.each([
    ['of a short key', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['of a long key', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['without its prefix', Buffer.alloc(32).toString('base64')],
    ['that is no base64', 'whsec_planted*planted*planted*planted*planted*'],
    ['', ''],
  ])('are not one %s', (_what, secret) => {
    expect(() => webhookKey(secret)).toThrow(TypeError);
    expect(() => webhookKey(secret)).not.toThrow('planted');
  });
});
