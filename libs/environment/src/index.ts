export { databaseUrl, databaseVariables } from './database-variables.js';
export { EnvironmentError } from './environment.errors.js';
export { readEnvironment } from './read-environment.js';
export { readOrExit } from './read-or-exit.js';
export { redisSettings, redisVariables, type RedisConnectionSettings } from './redis-variables.js';
export { serviceVariables } from './service-variables.js';
export { sharedSecret, tokenVariables } from './token-variables.js';
export {
  addresses,
  flag,
  httpUrl,
  integer,
  list,
  SAMPLE_SECRET,
  secret,
  secretList,
} from './variable-types.js';
export { revocationVariables, stalenessPolicy } from './revocation-variables.js';
