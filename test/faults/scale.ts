/** `npm run test:faults` sends ten thousand messages of each kind through the faults, `npm test` a tenth of them. */
export const isLong = process.env['GATEHOUSE_FAULTS'] === 'long';

/** How many, in the short form and in the long one. */
export function scale(short: number, long: number): number {
  return isLong ? long : short;
}
