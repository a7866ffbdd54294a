// What both clients need: what is asked for, the payloads, clients side by side, and the answer.
import { readFileSync } from 'node:fs';

export const given = JSON.parse(process.argv[2]);

/** The payloads: `{id, topic, state}`, the state being the JSON text that is to be stored. */
export function readPayloads() {
  return readFileSync(given.payloads, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** Does the work for every item, by so many clients that each wait for one before the next. */
export async function fromManyClients(items, clients, work) {
  let next = 0;
  const client = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** Does the work for so many items at a time, one after the other. */
export async function inBatches(items, size, work) {
  for (let start = 0; start < items.length; start += size) await work(items.slice(start, start + size));
}

/** Seconds that the work takes, and the processor time this process spends on it. */
export async function timed(work) {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, client_cpu: (user + system) / 1e6 };
}

/** As `timed`, for the items after the first few: connections are open by then, and the code is compiled. */
export async function timedWhenWarm(items, work) {
  await work(items.slice(0, given.warm_up));
  return timed(() => work(items.slice(given.warm_up)));
}

export function answer(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
