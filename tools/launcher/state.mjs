import { withoutPassword } from '../engines/given.mjs';
import { ADMIN_EMAIL } from './services.mjs';

/** What `state.json` holds of these services. A replica is `{ key, url, pid }`, without a pid while it is away. */
export function describeSuite({ services, origin, replicas, example, password, engines }) {
  const byService = (answer) =>
    Object.fromEntries(
      services.map(({ key }) => [key, replicas.filter((replica) => replica.key === key).flatMap(answer)]),
    );
  return {
    ready: replicas.every(({ pid }) => pid !== undefined),
    gateway: origin,
    services: byService(({ url }) => url),
    admin: { email: ADMIN_EMAIL, password },
    ...engines,
    ...(example && { example }),
    pids: byService(({ pid }) => pid ?? []),
  };
}

/** The same for people, with no secret in it. */
export function tableOf(services, state, passwordFile, stateFile) {
  const rows = [
    ['gateway', state.gateway],
    ...services.map(({ name, key }) => [name, state.services[key].join('  ')]),
    ...(state.example ? [['its providers', state.example.upstream]] : []),
    ['PostgreSQL', withoutPassword(state.postgres.url)],
    ['Redis', state.redis.url ? withoutPassword(state.redis.url) : state.redis.name],
    ['admin', `${state.admin.email}, password in ${passwordFile}`],
    ['all of this', stateFile],
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(25)}${value}`).join('\n');
  return `${table}\n\nCtrl-C stops everything. In another terminal: npm run tour`;
}
