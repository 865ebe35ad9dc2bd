// The least that keeping events can cost, on tables with the columns and indexes of the log: no order, no tree, no proof, and
// an event that comes twice is an error.
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, EntitySchema } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  addressRows,
  COPY_ADDRESSES,
  COPY_EVENTS,
  eventRows,
} from '../../apps/audit-service/dist/log/event-columns.js';
import { createLogEntry, subjectsOf } from '../../apps/audit-service/dist/log/leaf.js';
import { answer, options } from '../answers.mjs';
import { events } from './events.mjs';

const BATCH = 2_000;
const COLUMNS = (await tables()).map(({ column_name: name }) => name);
const client = new pg.Client({ connectionString: options.database });
await client.connect();
await client.query('SET search_path = rival');
const Event = new EntitySchema({
  ...{ name: 'event', schema: 'rival' },
  columns: Object.fromEntries(
    COLUMNS.map((name) => [
      name,
      { type: 'text', nullable: true, ...(name === 'id' ? { primary: true } : {}) },
    ]),
  ),
});
const dataSource = await new DataSource({
  ...{ type: 'postgres', url: options.database, entities: [Event], installExtensions: false },
}).initialize();
let seq = 0;

answer({
  /** Events a second by `COPY`, a transaction for each batch. */
  async copy({ count }) {
    const entries = ready(count);
    const begun = performance.now();
    for (let from = 0; from < count; from += BATCH) {
      const batch = entries.slice(from, from + BATCH);
      await client.query('BEGIN');
      await copy(COPY_EVENTS, eventRows(batch, seq));
      await copy(COPY_ADDRESSES, addressRows(batch, seq));
      await client.query('COMMIT');
      seq += batch.length;
    }
    return count / ((performance.now() - begun) / 1000);
  },

  /** Events a second by an `INSERT` for each. */
  async insertEach({ count }) {
    const rows = ready(count).map(rowOf);
    const values = COLUMNS.map((_, n) => `$${n + 1}`).join(', ');
    const text = `INSERT INTO event (${COLUMNS.join(', ')}) VALUES (${values})`;
    const begun = performance.now();
    for (const row of rows)
      await client.query({ name: 'insert', text, values: COLUMNS.map((name) => row[name]) });
    return count / ((performance.now() - begun) / 1000);
  },

  /** Events a second by `save` of TypeORM. */
  async save({ count }) {
    const rows = ready(count).map(rowOf);
    const repository = dataSource.getRepository(Event);
    const begun = performance.now();
    for (const row of rows) await repository.save(row);
    return count / ((performance.now() - begun) / 1000);
  },
});

/** Makes the tables of the rivals beside those of the log. */
async function tables() {
  const admin = new pg.Client({ connectionString: options.database });
  await admin.connect();
  try {
    await admin.query('CREATE SCHEMA IF NOT EXISTS rival');
    for (const name of ['event', 'event_address'])
      await admin.query(`CREATE TABLE rival.${name} (LIKE public.${name} INCLUDING ALL)`);
    const { rows } = await admin.query(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'rival' AND table_name = 'event'`,
    );
    return rows;
  } finally {
    await admin.end();
  }
}

async function copy(statement, rows) {
  const copying = client.query(copyFrom(statement));
  const finished = once(copying, 'finish');
  copying.end(rows);
  await finished;
}

function ready(count) {
  const told = events(count);
  const key = { id: uuidv7(), key: randomBytes(32) };
  const keys = new Map(told.flatMap(subjectsOf).map((subject) => [subject, key]));
  return told.map((event) => createLogEntry(event, { keys, submittedBy: 'bench', receivedAt: new Date() }));
}

/** By the names of the columns, of the same text that `COPY` is given. */
function rowOf(entry) {
  const [names] = /\((.*)\)/.exec(COPY_EVENTS).slice(1);
  const values = eventRows([entry], seq++).trimEnd().split('\t');
  return Object.fromEntries(names.split(', ').map((name, n) => [name, copied(values[n])]));
}

function copied(value) {
  return value === '\\N' ? null : value.replace('\\\\x', '\\x');
}
