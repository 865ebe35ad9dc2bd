import type { Revocation } from '@gatehouse/auth-contracts';

interface Row {
  kind: Revocation['kind'];
  subject: string;
  epoch: number | null;
  exceptSession: string | null;
  expiresAt: Date;
}

/** A revocation as verifiers are told of it. */
export function toRevocation({ kind, subject, epoch, exceptSession, expiresAt }: Row): Revocation {
  return {
    kind,
    id: subject,
    ...(epoch === null ? {} : { epoch }),
    ...(exceptSession === null ? {} : { exceptSession }),
    expiresAt: expiresAt.toISOString(),
  };
}
