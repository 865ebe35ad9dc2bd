import { createHash } from 'node:crypto';
import bowser from 'bowser';
import type { ShownDevice } from './session.js';

const LONGEST = 512;
const LONGEST_NAME = 40;

/** A user agent as it is kept: once, however many sessions have it. */
export interface UserAgent {
  /** A hash of the text. */
  id: string;
  /** At most 512 characters. */
  text: string;
}

export function userAgentOf(header: string | undefined): UserAgent | undefined {
  if (header === undefined || header === '') return undefined;
  const text = header.slice(0, LONGEST);
  return { id: createHash('sha256').update(text).digest('base64url').slice(0, 16), text };
}

/** What a user agent says of itself, for people who look through their sessions; nothing is decided by it. */
export function describeUserAgent(
  userAgent: UserAgent | undefined,
): Pick<ShownDevice, 'browser' | 'os' | 'type'> {
  if (userAgent === undefined) return {};
  const { browser, os, platform } = bowser.parse(userAgent.text);
  return {
    browser: named(browser.name, browser.version?.split('.', 1)[0]),
    os: named(os.name, os.versionName ?? os.version),
    type: named(platform.type),
  };
}

function named(...parts: (string | undefined)[]): string | undefined {
  const name = parts.filter((part) => part !== undefined && part !== '').join(' ');
  return parts[0] === undefined || parts[0] === '' ? undefined : name.slice(0, LONGEST_NAME);
}
