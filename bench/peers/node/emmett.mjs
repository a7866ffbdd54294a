// Emmett on PostgreSQL, through its own event store and consumers.
import { sql } from '@event-driven-io/dumbo';
import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import {
  getPostgreSQLEventStore, postgreSQLRawBatchSQLProjection, rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { answer, fromManyClients, given, inBatches, readPayloads, timed, timedWhenWarm } from './measuring.mjs';

const { host, port, user, database } = given.database;
const address = `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;

/** A payload as the store wants it; it writes the JSON text itself. */
const eventOf = (payload) => ({ type: payload.topic, data: JSON.parse(payload.state) });
const asNew = { expectedStreamVersion: STREAM_DOES_NOT_EXIST };

async function withStore(work) {
  const pool = given.connections ? new pg.Pool({ ...given.database, max: given.connections }) : undefined;
  const store = getPostgreSQLEventStore(address, {
    schema: { autoMigration: 'None' }, ...(pool && { connectionOptions: { pool } }),
  });
  try {
    return await work(store);
  } finally {
    await store.close();
    await pool?.end();
  }
}

async function install() {
  const store = getPostgreSQLEventStore(address);
  await store.schema.migrate();
  await store.close();
}

async function append(payloads) {
  const told = payloads.map((payload) => [`development:${payload.id}`, [eventOf(payload)]]);
  return withStore((store) => timedWhenWarm(told, (some) => fromManyClients(
    some, given.clients, ([stream, events]) => store.appendToStream(stream, events, asNew),
  )));
}

/** A batch goes into one stream: it has no append to several. */
async function appendInBatches(payloads) {
  const told = payloads.map(eventOf);
  let number = 0;
  return withStore((store) => timed(() => inBatches(
    told, given.batch, (events) => store.appendToStream(`batch:${given.payloads}:${number++}`, events, asNew),
  )));
}

/** Rebuilds a projection that counts; with its own pace, or in the batches and with the pause that are given. */
async function catchUp() {
  const client = new pg.Client(given.database);
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS public.counted (events bigint)');
  await client.query('TRUNCATE public.counted');
  await client.query('INSERT INTO public.counted VALUES (0)');
  const { rows } = await client.query('SELECT DISTINCT message_type FROM emt_messages');
  const counter = postgreSQLRawBatchSQLProjection({
    name: `counter-${given.name}`,
    canHandle: rows.map((row) => row.message_type),
    evolve: (events) => [sql('UPDATE public.counted SET events = events + %s', events.length)],
  });
  const consumer = rebuildPostgreSQLProjections({
    connectionString: address, projections: [counter], ...(given.pulling && { pulling: given.pulling }),
  });
  const took = await timed(() => consumer.start());
  await consumer.close();
  const { rows: [counted] } = await client.query('SELECT events FROM public.counted');
  await client.end();
  return { ...took, counted: Number(counted.events) };
}

const work = { install, append, appendInBatches, catchUp }[given.work];
answer((await work(given.payloads ? readPayloads() : undefined)) ?? {});
