/** The right to call a half-open provider; a healthy or degraded one needs none. Times ISO 8601 UTC. */
export type ProbePermit = { permit: string; expiresAt: string } | { permit: null; expiresAt: null };
