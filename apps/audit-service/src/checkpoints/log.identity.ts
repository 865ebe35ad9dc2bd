import {
  type Checkpoint,
  createNoteSigner,
  type NoteSigner,
  signCheckpoint,
} from '@gatehouse/transparency-log';
import { Injectable } from '@nestjs/common';
import { AuditEnvironment } from '../audit.environment.js';
import { signingKeyOf } from './signing-key.js';

/** The name of the log, and the keys that sign for it: while a key is replaced the old one and the new one. */
@Injectable()
export class LogIdentity {
  readonly origin: string;
  private readonly signers: NoteSigner[];

  constructor({ logOrigin, logSigningSecrets }: AuditEnvironment) {
    this.origin = logOrigin;
    this.signers = logSigningSecrets.map((secret) => createNoteSigner(logOrigin, signingKeyOf(secret)));
  }

  /** What verifies checkpoints, the first being the one for long. */
  get verifierKeys(): string[] {
    return this.signers.map(({ verifierKey }) => verifierKey);
  }

  /** The same note for the same tree, whoever signs and when. */
  sign({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string {
    return signCheckpoint({ origin: this.origin, size, root, extensions: [] }, this.signers);
  }
}
