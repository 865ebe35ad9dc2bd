import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { AccessTokenSigner } from './access-token.signer.js';
import { ActiveKeySigner } from './active-key.signer.js';
import { DeviceTokenSigner } from './device-token.signer.js';
import { OwnIdentity } from './own.identity.js';
import { RefreshTokenSigner } from './refresh-token.signer.js';
import { TokenManager } from './token.manager.js';
import { TokensConsumer } from './tokens.consumer.js';

@Module({
  // Each token names its own key: the module has no default that one could be signed with by mistake.
  imports: [JwtModule.register({}), SessionsModule, SigningKeysModule],
  controllers: [TokensConsumer],
  providers: [
    ...[AccessTokenSigner, ActiveKeySigner, DeviceTokenSigner, OwnIdentity, RefreshTokenSigner],
    TokenManager,
  ],
  exports: [AccessTokenSigner, ActiveKeySigner, OwnIdentity, TokenManager],
})
export class TokensModule {}
