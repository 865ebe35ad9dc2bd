import { Module } from '@nestjs/common';
import { PasswordHasher } from './password.hasher.js';
import { PasswordTurns } from './password.turns.js';

@Module({ providers: [PasswordHasher, PasswordTurns], exports: [PasswordHasher, PasswordTurns] })
export class PasswordsModule {}
