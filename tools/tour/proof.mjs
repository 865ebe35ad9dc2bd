import { leafHash, parseVerifierKey, verifyProofFile } from '@gatehouse/transparency-log';

/** An event of the audit trail is proven without asking the service again. */
export async function tourOfProof(guide, { event, token }) {
  guide.step('The log proves that it holds the event, at its place, under a signed checkpoint:');
  const leaf = await guide.download(`/v1/audit/events/${event.id}/leaf`, { token });
  const proof = await guide.download(`/v1/audit/events/${event.id}/proof`, { token });
  const key = await guide.download('/v1/audit/log-key', { token });

  guide.step('Whoever has the key of the log checks that by himself, and sees a bit that was changed.');
  const keys = key.toString().trim().split('\n').map(parseVerifierKey);
  const log = { origin: keys[0].name, keys };
  const { size, root } = verifyProofFile(proof, leafHash(leaf), log);
  guide.show({ verified: event.id, seq: event.seq, size, root: root.toString('base64') });
  const changed = Buffer.from(leaf);
  changed[changed.length - 2] ^= 1;
  guide.refuses('a leaf of which a bit is changed', () => verifyProofFile(proof, leafHash(changed), log));
}
