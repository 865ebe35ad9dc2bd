/** A key that access tokens are signed with. Times ISO 8601, UTC. */
export interface SigningKeyAnswer {
  kid: string;
  algorithm: string;
  /** Published ahead of its use, signing, or published for as long as a token of it may live. */
  state: 'next' | 'active' | 'retiring' | 'gone';
  createdAt: string;
  activeFrom: string;
  /** When the next key takes over; null while there is none. */
  retiresAt: string | null;
  /** When it leaves the JWKS. */
  goneAt: string | null;
}

export interface SigningKeysAnswer {
  items: SigningKeyAnswer[];
}
