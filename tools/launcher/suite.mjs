// Engines, migrations, replicas and gateway, brought up in this order and taken down in the reverse one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { demandGivenEngines, givenPostgres, givenRedis, startEngines } from '../engines/engines.mjs';
import { withoutPassword } from '../engines/given.mjs';
import { givenRedisGroup } from '../engines/redis-group.mjs';
import { Refusal } from '../refusal.mjs';
import { root } from '../root.mjs';
import { writeWhole } from './files.mjs';
import { introduceExample, upstreamProgram } from './example.mjs';
import { createGateway } from './gateway.mjs';
import { Ledger } from './ledger.mjs';
import { demandFreePorts, HOST } from './ports.mjs';
import { Secrets } from './secrets.mjs';
import {
  ADMIN_PASSWORD,
  ALL_SERVICES,
  entry,
  EXAMPLE,
  serviceEnvironment,
  serviceProgram,
  SERVICES,
} from './services.mjs';
import { describeSuite, tableOf } from './state.mjs';
import { keepRunning } from './supervisor.mjs';

export class Suite {
  #stopping = new AbortController();
  #engines = [];
  /** `[{ key, kept }]` in the order of their ports. */
  #replicas = [];
  /** What plays the providers of the example. */
  #upstreams = [];
  #complete = false;

  constructor({ home, env, options, log }) {
    this.home = home;
    this.env = env;
    this.options = options;
    this.log = log;
    this.services = options.withExample ? ALL_SERVICES : SERVICES;
    this.ledger = new Ledger(join(home, 'ledger.json'));
    this.secrets = new Secrets(home);
    this.gateway = createGateway({ replicasOf: (key) => this.#liveReplicas(key), log });
    this.origin = `http://${HOST}:${options.port}`;
  }

  async start() {
    const began = Date.now();
    this.#demandNothingGivenToEmpty();
    await demandGivenEngines(this.env);
    rmSync(this.#statePath, { force: true });
    const left = await this.ledger.endLeftovers();
    if (left.length > 0) this.log.say(`ended what an earlier launcher left running: ${left.join(', ')}`);

    const slots = this.#slots();
    const firstPort = this.options.port + 1;
    const upstream = upstreamProgram(firstPort + slots.length);
    const ports = [...slots, ...(this.options.withExample ? [upstream] : [])].map(
      (_, index) => firstPort + index,
    );
    await demandFreePorts([this.options.port, ...ports]);
    this.gateway.listen(this.options.port, HOST);
    await once(this.gateway, 'listening');
    if (this.options.fresh) this.#removeData();

    this.log.say('starting PostgreSQL and Redis');
    this.engines = await startEngines({
      env: this.env,
      home: this.home,
      secrets: this.secrets,
      firstPort: firstPort + ports.length,
      keep: (program) => this.#keep(program, this.#engines),
      say: (text) => this.log.say(text),
    });
    this.log.say('migrating the databases');
    await Promise.all(this.services.map((service) => this.#migrate(service)));
    this.log.say(`starting ${slots.length} services`);
    // The others fetch keys and tokens from auth-service: they would wait for it, and complain meanwhile.
    await this.#startReplicas(slots, firstPort, ({ key }) => key === 'auth');
    await this.#startReplicas(slots, firstPort, ({ key, folder }) => key !== 'auth' && !folder);
    if (this.options.withExample) {
      await this.#keep(upstream, this.#upstreams);
      this.example = await introduceExample({ gateway: this.origin, secrets: this.secrets, upstream });
      await this.#startReplicas(slots, firstPort, (service) => service === EXAMPLE);
    }
    this.#complete = true;
    this.#writeState();
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    this.log.say(`ready in ${seconds} s\n`);
    this.log.say(tableOf(this.services, this.#state(), this.secrets.file(ADMIN_PASSWORD), this.#statePath));
  }

  /** Services, then engines; nothing is left running. */
  async stop() {
    this.#stopping.abort();
    rmSync(this.#statePath, { force: true });
    this.gateway.close();
    // audit-service last: the others hand it what they still have to tell.
    const isLast = ({ key }) => key === 'audit';
    await stopAll(this.#replicas.filter((replica) => !isLast(replica)));
    await stopAll(this.#replicas.filter(isLast));
    await stopAll(this.#upstreams);
    this.gateway.closeAllConnections();
    await stopAll(this.#engines);
  }

  /** At once, without asking. */
  kill() {
    for (const { kept } of [...this.#replicas, ...this.#upstreams, ...this.#engines]) kept.kill();
  }

  get #statePath() {
    return join(this.home, 'state.json');
  }

  #demandNothingGivenToEmpty() {
    const urls = [givenPostgres(this.env), givenRedis(this.env)].filter(Boolean);
    const given = [...urls.map(withoutPassword), givenRedisGroup(this.env)?.name].filter(Boolean);
    if (!this.options.fresh || given.length === 0) return;
    throw new Refusal(
      `--fresh empties what the launcher keeps itself; it does not touch ${given.join(' or ')}. ` +
        'Empty that yourself, or leave --fresh out.',
    );
  }

  #removeData() {
    for (const name of ['postgres', 'redis', 'secrets'])
      rmSync(join(this.home, name), { recursive: true, force: true });
  }

  /** One entry a replica: `{ service, number }`. */
  #slots() {
    return this.services.flatMap((service) =>
      Array.from({ length: this.options.replicas[service.key] }, (_, index) => ({
        service,
        number: index + 1,
      })),
    );
  }

  async #keep(program, list, key) {
    if (this.#stopping.signal.aborted) throw new Refusal('Stopped before it was ready.');
    const kept = keepRunning(program, {
      ledger: this.ledger,
      log: this.log,
      onChange: () => this.#complete && this.#writeState(),
    });
    list.push({ key, kept });
    await kept.up;
  }

  async #startReplicas(slots, firstPort, isOne) {
    const wanted = slots.filter(({ service }) => isOne(service));
    await Promise.all(wanted.map((slot) => this.#startReplica(slot, firstPort + slots.indexOf(slot))));
  }

  async #startReplica({ service, number }, port) {
    const env = this.#environment(service, port);
    await this.#keep(serviceProgram(service, { number, port, env }), this.#replicas, service.key);
  }

  async #migrate(service) {
    const child = spawn(process.execPath, [entry(service, 'migrate')], {
      cwd: root,
      env: this.#environment(service, 0),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: this.#stopping.signal,
    });
    this.log.follow(service.nick, child.stdout);
    this.log.follow(service.nick, child.stderr);
    const [code] = await once(child, 'close');
    if (code !== 0)
      throw new Refusal(`The database of ${service.name} could not be migrated: see the log above.`);
  }

  #environment(service, port) {
    const { env, engines, secrets, origin: gateway } = this;
    const own = serviceEnvironment(service, { env, port, gateway, engines, secrets });
    return service === EXAMPLE ? { ...own, ...this.example?.env } : own;
  }

  /** Undefined for a service that was not asked for. */
  #liveReplicas(key) {
    if (!this.services.some((service) => service.key === key)) return undefined;
    return this.#replicas
      .filter((replica) => replica.key === key && replica.kept.ready)
      .map(({ kept }) => kept.program.url);
  }

  #state() {
    return describeSuite({
      services: this.services,
      example: this.example?.described,
      origin: this.origin,
      engines: this.engines,
      password: this.secrets.read(ADMIN_PASSWORD),
      replicas: this.#replicas.map(({ key, kept }) => ({ key, url: kept.program.url, pid: kept.pid })),
    });
  }

  #writeState() {
    if (!this.#stopping.signal.aborted) writeWhole(this.#statePath, JSON.stringify(this.#state(), null, 2));
  }
}

function stopAll(list) {
  return Promise.all(list.map(({ kept }) => kept.stop()));
}
