import { Module } from '@nestjs/common';
import { PasswordHasher } from './password.hasher.js';
import { PasswordPlaces } from './password.places.js';
import { PasswordTurns } from './password.turns.js';

const ALL = [PasswordHasher, PasswordPlaces, PasswordTurns];

@Module({ providers: ALL, exports: ALL })
export class PasswordsModule {}
