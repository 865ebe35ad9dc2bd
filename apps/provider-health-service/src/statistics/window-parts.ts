import type { StatisticsWindow } from '@gatehouse/provider-health-contracts';

export type Grain = 'minute' | 'hour' | 'day';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a part is, and how long it is kept; ms. */
export const GRAINS: Readonly<Record<Grain, { length: number; kept: number }>> = {
  minute: { length: MINUTE, kept: 48 * HOUR },
  hour: { length: HOUR, kept: 35 * DAY },
  day: { length: DAY, kept: 400 * DAY },
};

const WINDOW_MS: Readonly<Record<StatisticsWindow, number>> = {
  ...{ '5m': 5 * MINUTE, '1h': HOUR, '24h': DAY, '30d': 30 * DAY },
};

/** All parts of a grain that begin at `from` or later, and before `until`; ms since 1970. */
export interface PartRange {
  grain: Grain;
  from: number;
  until: number;
}

/** Where the parts that cover a window begin: on the border of the finest that are still kept there. */
export function windowStart(window: StatisticsWindow, now: number): number {
  const length = WINDOW_MS[window];
  // Not to the last hour of what is kept: the housekeeper may be at work while this is read.
  const grain = length <= GRAINS.minute.kept - HOUR ? 'minute' : 'hour';
  return floor(now - length, GRAINS[grain].length);
}

/**
 * The parts that together are everything from `from` to now, none of it twice: days in the middle, hours beside them,
 * minutes at the ends. It has no end, so that an outcome is not left out whose clock, that of Redis, is ahead of `now`.
 *
 * @param from on the border of a minute
 */
export function partRanges(from: number, now: number): PartRange[] {
  const hours = { from: ceil(from, HOUR), until: floor(now, HOUR) };
  if (hours.from >= hours.until) return [{ grain: 'minute', from, until: Infinity }];
  const days = { from: ceil(from, DAY), until: floor(now, DAY) };
  const whole: PartRange[] =
    days.from >= days.until
      ? [{ grain: 'hour', ...hours }]
      : [
          { grain: 'hour', from: hours.from, until: days.from },
          { grain: 'day', ...days },
          { grain: 'hour', from: days.until, until: hours.until },
        ];
  const ranges: PartRange[] = [
    { grain: 'minute', from, until: hours.from },
    ...whole,
    { grain: 'minute', from: hours.until, until: Infinity },
  ];
  return ranges.filter((range) => range.from < range.until);
}

/** The part that a moment belongs to. */
export const partOf = (at: number, grain: Grain): number => floor(at, GRAINS[grain].length);

const floor = (at: number, length: number): number => Math.floor(at / length) * length;
const ceil = (at: number, length: number): number => Math.ceil(at / length) * length;
