import { Gauge, type Registry } from 'prom-client';

/**
 * A gauge whose value is read as it is scraped. While it cannot be read, or there is none, it is left out: an old value would
 * look like a new one.
 *
 * @param read may reject, e.g. while the database is away
 */
export function addScrapedGauge(
  registry: Registry,
  { name, help }: { name: string; help: string },
  read: () => Promise<number | undefined>,
): void {
  const gauge: Gauge = new Gauge({
    ...{ name, help, registers: [registry] },
    collect: async () => {
      const value = await read().catch(() => undefined);
      if (value === undefined) gauge.remove();
      else gauge.set(value);
    },
  });
}
