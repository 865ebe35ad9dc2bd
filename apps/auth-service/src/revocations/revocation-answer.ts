import type { Revocation } from '@gatehouse/auth-contracts';

interface Row {
  kind: Revocation['kind'];
  subject: string;
  epoch: number | null;
  exceptSession: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** A revocation as verifiers are told of it. */
export function toRevocation({ kind, subject, epoch, exceptSession, createdAt, expiresAt }: Row): Revocation {
  return {
    kind,
    id: subject,
    ...(epoch === null ? {} : { epoch }),
    ...(exceptSession === null ? {} : { exceptSession }),
    revokedAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
