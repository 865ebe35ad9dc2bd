import { createHash } from 'node:crypto';
import bowser from 'bowser';
import type { ShownDevice } from './session.js';

const LONGEST = 512;
const LONGEST_NAME = 40;
const MOST_DESCRIBED = 500;

type Described = Pick<ShownDevice, 'browser' | 'os' | 'type'>;

/** By the id of the user agent: to read one takes dozens of expressions, and most are among few. */
const described = new Map<string, Described>();

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
export function describeUserAgent(userAgent: UserAgent | undefined): Described {
  if (userAgent === undefined) return {};
  const known = described.get(userAgent.id);
  if (known !== undefined) return known;
  if (described.size >= MOST_DESCRIBED) described.clear();
  const description = describe(userAgent.text);
  described.set(userAgent.id, description);
  return description;
}

function describe(text: string): Described {
  const { browser, os, platform } = bowser.parse(text);
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
