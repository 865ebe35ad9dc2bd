import { Module } from '@nestjs/common';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { RevocationsConsumer } from './revocations.consumer.js';
import { RevocationsModule } from './revocations.module.js';

/** Apart from the rest of revocations: sessions need those, and signing needs sessions. */
@Module({ imports: [RevocationsModule, SigningKeysModule, TokensModule], controllers: [RevocationsConsumer] })
export class RevocationAnswersModule {}
