// A service that has auth-service verify tokens, over the transport.
import 'reflect-metadata';
import { redisSettings } from '@gatehouse/environment';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { firstValueFrom } from 'rxjs';
import { answer, options } from '../answers.mjs';
import { percentile } from '../statistics.mjs';

const { url, namespace, token } = options;

class AskingModule {}
Module({
  imports: [
    RedisTransportModule.forRootAsync({
      useFactory: () => ({ service: 'asking', redis: redisSettings({ REDIS_URL: url }), namespace }),
    }),
    RedisTransportModule.registerClient({ name: 'AUTH', service: 'auth' }),
  ],
})(AskingModule);
const app = await NestFactory.createApplicationContext(AskingModule, { logger: ['error', 'fatal'] });
const auth = app.get('AUTH');

answer({
  /** Has the tokens verified in turn for so long, with so many questions under way. */
  async verifyFor({ tokens, inFlight, ms }) {
    const begun = performance.now();
    const latencies = [];
    let next = 0;
    const one = async () => {
      for (let at = begun; at < begun + ms;) {
        const asked = auth.send('auth.verify-token', { token: tokens[next++ % tokens.length] }, { token });
        const { active } = await firstValueFrom(asked);
        if (active !== true) throw new Error('A good token was not accepted');
        const answered = performance.now();
        latencies.push(answered - at);
        at = answered;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, one));
    const seconds = (performance.now() - begun) / 1000;
    latencies.sort((a, b) => a - b);
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    return { messages: latencies.length, perSecond: latencies.length / seconds, p50, p99 };
  },
});
