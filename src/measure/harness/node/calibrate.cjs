'use strict';
// Measures what worker threads cost on this machine: start-up, dispatch, serialization, usable cores. Prints JSON.
const { isMainThread, parentPort, Worker } = require('node:worker_threads');
const v8 = require('node:v8');

/** Work done in a stretch of wall time, in turns of a fixed loop. */
function spin(ms) {
  const end = performance.now() + ms;
  let turns = 0;
  let x = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 20000; i++) x = (x * 31 + i) | 0;
    turns++;
  }
  return x === -1 ? turns + 1 : turns;
}

const ask = (worker, message) =>
  new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage(message);
  });

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function poolStart(count) {
  const times = [];
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    const workers = Array.from({ length: count }, () => new Worker(__filename));
    await Promise.all(workers.map((worker) => ask(worker, 0)));
    times.push(performance.now() - started);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return median(times);
}

async function usable(cores) {
  if (cores === 1) return 1;
  const workers = Array.from({ length: cores }, () => new Worker(__filename));
  await Promise.all(workers.map((worker) => ask(worker, 30)));
  const alone = [];
  const together = [];
  for (let i = 0; i < 4; i++) {
    alone.push(await ask(workers[0], 150));
    together.push((await Promise.all(workers.map((worker) => ask(worker, 150)))).reduce((a, b) => a + b, 0));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  // The best of each: what others take of the machine comes and goes.
  return Math.max(1, Math.min(cores, Math.max(...together) / Math.max(1, ...alone)));
}

async function dispatch() {
  const worker = new Worker(__filename);
  await ask(worker, 0);
  const started = performance.now();
  for (let i = 0; i < 500; i++) await ask(worker, 0);
  const each = ((performance.now() - started) / 500) * 1000;
  await worker.terminate();
  return each;
}

function speed(value) {
  const bytes = v8.serialize(value).length;
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    structuredClone(value);
    best = Math.min(best, performance.now() - started);
  }
  return (bytes / best) * 1000;
}

async function main(cores, onlyUsable) {
  if (onlyUsable) {
    process.stdout.write(JSON.stringify({ usableCores: await usable(cores) }));
    return;
  }
  const workers = Math.max(2, Math.min(cores, 4));
  const shapes = {
    typedArrays: new Float64Array(500_000),
    strings: Array.from({ length: 50_000 }, (_, i) => `word ${i}`),
    numbers: Array.from({ length: 200_000 }, (_, i) => i * 0.5),
    maps: new Map(Array.from({ length: 20_000 }, (_, i) => [i, i])),
    objects: Array.from({ length: 20_000 }, (_, i) => ({ id: i, name: `n${i}` })),
  };
  const result = {
    usableCores: await usable(cores),
    poolStartMs: await poolStart(workers),
    poolWorkers: workers,
    poolStartByMethod: {},
    dispatchUs: await dispatch(),
    bytesPerSecond: Object.fromEntries(Object.entries(shapes).map(([name, value]) => [name, speed(value)])),
  };
  process.stdout.write(JSON.stringify(result));
}

if (isMainThread) main(Number(process.argv[2]), process.argv.includes('usable'));
else parentPort.on('message', (ms) => parentPort.postMessage(ms > 0 ? spin(ms) : 0));
