import { z } from 'zod';
import { httpUrl, integer, list } from './variable-types.js';

/** The variables that every service reads; spread into the schema of a service. */
export const serviceVariables = {
  /** `development` has answers say more of why they are as they are. */
  NODE_ENV: z.string().optional(),
  /** Address to listen on. */
  HOST: z.string().default('0.0.0.0'),
  /** Port to listen on; 0 takes a free one. */
  PORT: integer({ max: 65_535 }).default(3000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** `iss` of the tokens that are accepted: the public origin of the platform's gateway. */
  ISSUER: httpUrl(),
  /** `aud` of the tokens that are accepted. */
  AUDIENCE: z.string().default('gatehouse'),
  /** Where services reach auth-service inside the platform; `ISSUER` when it is not set. */
  AUTH_URL: httpUrl().optional(),
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. */
  TRUSTED_PROXIES: list().default([]),
  /** Origins that browsers may call from; none by default. */
  CORS_ORIGINS: list().default([]),
  /** How long a stopping service may take to answer what it has accepted. */
  SHUTDOWN_GRACE_SECONDS: integer({ min: 1, max: 600 }).default(20),
};
