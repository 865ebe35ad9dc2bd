// A PostgreSQL of a test's own, to be stopped and killed. It writes to the disk as that of the launcher does.
import { postgresProgram } from '../engines/postgres.mjs';
import { KillableEngine, killableHome } from './killable-engine.mjs';

export async function startKillablePostgres() {
  const { port, password, testHome } = await killableHome();
  const program = postgresProgram({ home: testHome.home, port, password });
  const postgres = new KillablePostgres(program, testHome);
  await postgres.start();
  return postgres;
}

class KillablePostgres extends KillableEngine {
  get url() {
    return `${this.program.url}/gatehouse_auth`;
  }

  /** By SIGINT whoever is connected is told, by SIGQUIT it leaves as it is and recovers at the next start. */
  stop(signal = 'SIGINT') {
    return this.end(signal);
  }

  async remove() {
    await this.stop();
    this.removeData();
  }
}
