// message-db, through its own SQL functions and plain `pg`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { answer, fromManyClients, given, inBatches, readPayloads, timed, timedWhenWarm } from './measuring.mjs';

// In the order of its own install.sh. The extension pgcrypto is left out: the one function it is for,
// gen_random_uuid, has been a part of PostgreSQL since 13.
const PARTS = [
  'roles/message-store', 'schema/message-store', 'tables/messages', 'types/message',
  ...['message-store-version', 'hash-64', 'acquire-lock', 'category', 'is-category', 'id', 'cardinal-id',
    'stream-version', 'write-message', 'get-stream-messages', 'get-category-messages',
    'get-last-stream-message'].map((name) => `functions/${name}`),
  ...['messages-id', 'messages-stream', 'messages-category'].map((name) => `indexes/${name}`),
];
const WRITE = 'SELECT message_store.write_message($1, $2, $3, $4, NULL, -1)';
const WRITE_MANY = `
  SELECT message_store.write_message(id, stream, type, state::jsonb, NULL, -1)
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS given (id, stream, type, state)`;
const READ = 'SELECT global_position, data FROM message_store.get_category_messages($1, $2)';
const settings = { ...given.database, options: '-c search_path=message_store,public' };

/** The stream of a payload. What stands before the first hyphen is the category, which is locked. */
const streamOf = (payload) => `development-${payload.id}`;

async function install() {
  const root = join(dirname(createRequire(import.meta.url).resolve('@eventide/message-db/package.json')), 'database');
  const client = new pg.Client(settings);
  await client.connect();
  for (const part of PARTS) await client.query(readFileSync(join(root, `${part}.sql`), 'utf8'));
  await client.end();
}

/** One call of write_message for each, each a transaction of its own, over a connection for each client. */
async function append(payloads) {
  const pool = new pg.Pool({ ...settings, max: given.clients });
  const took = await timedWhenWarm(payloads, (some) => fromManyClients(some, given.clients, (payload) => pool.query({
    name: 'write', text: WRITE, values: [randomUUID(), streamOf(payload), payload.topic, payload.state],
  })));
  await pool.end();
  return took;
}

/** It has no batch of its own: its function is called for many rows in one statement, one transaction. */
async function appendInBatches(payloads) {
  const client = new pg.Client(settings);
  await client.connect();
  const took = await timed(() => inBatches(payloads, given.batch, (batch) => client.query({
    name: 'write-many',
    text: WRITE_MANY,
    values: [
      batch.map(() => randomUUID()), batch.map(streamOf), batch.map((payload) => payload.topic),
      batch.map((payload) => payload.state),
    ],
  })));
  await client.end();
  return took;
}

/** Counts a category in its default batches; count and position are kept in one transaction a batch. */
async function catchUp() {
  const client = new pg.Client(settings);
  await client.connect();
  await client.query('DROP TABLE IF EXISTS public.counted');
  await client.query('CREATE TABLE public.counted (events bigint, position bigint)');
  await client.query('INSERT INTO public.counted VALUES (0, 0)');
  const took = await timed(async () => {
    for (let position = 1n, more = true; more;) {
      const { rows } = await client.query({ name: 'read', text: READ, values: ['development', position] });
      let events = 0;
      for (const row of rows) if (JSON.parse(row.data)) events += 1;
      more = rows.length > 0;
      if (!more) break;
      const last = BigInt(rows.at(-1).global_position);
      await client.query({
        name: 'keep', text: 'UPDATE public.counted SET events = events + $1, position = $2', values: [events, last],
      });
      position = last + 1n;
    }
  });
  const { rows: [counted] } = await client.query('SELECT events FROM public.counted');
  await client.end();
  return { ...took, counted: Number(counted.events) };
}

const work = { install, append, appendInBatches, catchUp }[given.work];
answer((await work(given.payloads ? readPayloads() : undefined)) ?? {});
