import { z } from 'zod';

/** One signed-in device, as its user sees it. Times ISO 8601, UTC. */
export interface SessionAnswer {
  id: string;
  /** The one that asks. */
  current: boolean;
  createdAt: string;
  /** Within a minute. */
  lastSeenAt: string;
  /** Without a refresh it ends then. */
  expiresAt: string;
  ip: string;
  userAgent: string | null;
  device: { browser: string | null; os: string | null; type: string | null; name: string | null };
}

export interface SessionsAnswer {
  items: SessionAnswer[];
}

export const LogoutAllBody = z.strictObject({ exceptCurrent: z.boolean().default(false) });
export type LogoutAllBody = z.infer<typeof LogoutAllBody>;

export interface LogoutAllAnswer {
  /** How many sessions there were. */
  ended: number;
}
