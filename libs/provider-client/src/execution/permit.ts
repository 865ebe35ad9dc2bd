import type { ProbePermit } from '@gatehouse/provider-health-contracts';
import type { ProviderSource } from '../provider-source.js';
import type { Interruptible } from './interruptible.js';

/** Whoever is asked for a permit answers fast, or the next provider is asked. */
const LONGEST_MS = 1_000;

/**
 * Asks for the right to call a half-open provider. A permit that comes when nobody waits any more is given back.
 *
 * @throws the reason of the caller's abort
 */
export async function acquirePermit(
  source: ProviderSource,
  waits: Interruptible,
  name: string,
  remainingMs: number,
): Promise<ProbePermit | 'no-permit' | 'permit-unavailable'> {
  const timeoutMs = Math.min(remainingMs, LONGEST_MS);
  const asked = source.acquirePermit(name, { timeoutMs });
  const giveBack = () => {
    asked.then(
      ({ permit }) => permit !== null && source.report({ name, class: 'cancelled', permit }),
      () => {},
    );
  };
  try {
    return await waits.wait(asked, timeoutMs, giveBack);
  } catch (error) {
    if (waits.isAborted) throw error;
    return (error as { type?: unknown }).type === 'no-permit' ? 'no-permit' : 'permit-unavailable';
  }
}
