import { join } from 'node:path';
import { root } from '../root.mjs';
import { HOST } from './ports.mjs';

export const ADMIN_EMAIL = 'admin@gatehouse.local';
export const ADMIN_PASSWORD = 'bootstrap-admin-password';

const PROVIDER_HEALTH_SECRET = 'service-provider-health-service';
const AUDIT_SECRET = 'service-audit-service';
export const EXAMPLE_CLIENT_ID = 'projects-service-client-id';
export const EXAMPLE_CLIENT_SECRET = 'projects-service-client-secret';

/** `key` is their name in state.json, `nick` the one in the log; `secretFiles` are `NAME_FILE` variables. */
export const SERVICES = [
  {
    name: 'auth-service',
    key: 'auth',
    nick: 'auth',
    secretFiles: (secrets) => ({
      ENCRYPTION_KEY_FILE: secrets.file('encryption-key', 'base64'),
      BOOTSTRAP_ADMIN_PASSWORD_FILE: secrets.file(ADMIN_PASSWORD),
      SERVICE_PROVIDER_HEALTH_SERVICE_SECRET_FILE: secrets.file(PROVIDER_HEALTH_SECRET),
      SERVICE_AUDIT_SERVICE_SECRET_FILE: secrets.file(AUDIT_SECRET),
    }),
  },
  {
    name: 'provider-health-service',
    key: 'providerHealth',
    nick: 'provider-health',
    secretFiles: (secrets) => ({
      ENCRYPTION_KEY_FILE: secrets.file('provider-health-encryption-key', 'base64'),
      SERVICE_PROVIDER_HEALTH_SERVICE_SECRET_FILE: secrets.file(PROVIDER_HEALTH_SECRET),
    }),
  },
  {
    name: 'audit-service',
    key: 'audit',
    nick: 'audit',
    secretFiles: (secrets) => ({
      ENCRYPTION_KEY_FILE: secrets.file('audit-encryption-key', 'base64'),
      AUDIT_LOG_SIGNING_KEY_FILE: secrets.file('audit-log-signing-key', 'base64'),
      SERVICE_AUDIT_SERVICE_SECRET_FILE: secrets.file(AUDIT_SECRET),
    }),
  },
];

/** The example of a product team's service: `--with-example`. Its account is made by `example.mjs`. */
export const EXAMPLE = {
  name: 'projects-service',
  key: 'projects',
  nick: 'projects',
  folder: 'examples',
  secretFiles: (secrets) => ({
    PROJECTS_CLIENT_ID_FILE: secrets.file(EXAMPLE_CLIENT_ID),
    PROJECTS_CLIENT_SECRET_FILE: secrets.file(EXAMPLE_CLIENT_SECRET),
  }),
};

export const ALL_SERVICES = [...SERVICES, EXAMPLE];

/** A variable and its `_FILE` exclude each other: of each pair the launcher sets one and takes the other away. */
const OTHER_OF_A_PAIR = [
  'DATABASE_URL_FILE',
  'REDIS_URL_FILE',
  'ENCRYPTION_KEY',
  'AUDIT_LOG_SIGNING_KEY',
  'BOOTSTRAP_ADMIN_PASSWORD',
  'SERVICE_PROVIDER_HEALTH_SERVICE_SECRET',
  'SERVICE_AUDIT_SERVICE_SECRET',
  'PROJECTS_CLIENT_ID',
  'PROJECTS_CLIENT_SECRET',
];

/** The environment of a service: the launcher's own, with what the launcher decides in its place. */
export function serviceEnvironment(service, { env, port, gateway, engines, secrets }) {
  return {
    ...env,
    ...Object.fromEntries(OTHER_OF_A_PAIR.map((name) => [name, undefined])),
    NODE_ENV: 'development',
    HOST,
    PORT: String(port),
    LOG_LEVEL: env.LOG_LEVEL ?? 'info',
    DATABASE_URL: engines.postgres.url,
    REDIS_URL: engines.redis.url,
    ISSUER: gateway,
    AUDIENCE: env.AUDIENCE ?? 'gatehouse',
    AUTH_URL: gateway,
    TRUSTED_PROXIES: HOST,
    REGISTRATION: env.REGISTRATION ?? 'open',
    // Providers that somebody tries this with listen on this machine.
    HEALTH_CHECK_ALLOW_PRIVATE: env.HEALTH_CHECK_ALLOW_PRIVATE ?? 'true',
    BOOTSTRAP_ADMIN_EMAIL: ADMIN_EMAIL,
    SHUTDOWN_GRACE_SECONDS: env.SHUTDOWN_GRACE_SECONDS ?? '5',
    ...service.secretFiles(secrets),
  };
}

/** A service's entry file, `main` or `migrate`. */
export function entry(service, name) {
  return join(root, service.folder ?? 'apps', service.name, 'dist', `${name}.js`);
}

/** One replica as a program for the supervisor. */
export function serviceProgram(service, { number, port, env }) {
  const url = `http://${HOST}:${port}`;
  let complaint;
  return {
    name: `${service.nick} ${number}`,
    command: process.execPath,
    args: [entry(service, 'main')],
    // It leaves when the channel to the launcher closes, however the launcher ended.
    options: { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    stopSignal: 'SIGTERM',
    url,
    async isReady() {
      try {
        const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) });
        complaint = answer.ok ? undefined : `/health/ready: ${answer.status} ${await answer.text()}`;
        return answer.ok;
      } catch (error) {
        complaint = `/health/ready: ${error.cause?.message ?? error.message}`;
        return false;
      }
    },
    explain: () => (complaint ? [complaint] : []),
  };
}
