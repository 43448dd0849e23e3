// Posts values to a worker, among them some that cannot travel or arrive as something else.
//
//     node captures.mjs
//
// It prints what arrived. Fanout marks each hand-over that fails or loses something, with the path to the value that is to blame.
import { MessageChannel, Worker, isMainThread, parentPort } from 'node:worker_threads';

class Circle {
  #unit = 'mm';

  constructor(radius) {
    this.radius = radius;
  }

  area() {
    return Math.PI * this.radius ** 2;
  }

  label() {
    return `${this.radius} ${this.#unit}`;
  }
}

class NotFound extends Error {
  constructor(name) {
    super(`${name} is not there`);
    this.name = 'NotFound';
    this.status = 404;
  }
}

/** What kind of thing arrived. */
function describe(value) {
  if (value === null || typeof value !== 'object') return typeof value;
  const parts = [value.constructor.name];
  if (value instanceof Error) parts.push(value.name);
  if (typeof value.area === 'function') parts.push('with methods');
  return parts.join(' ');
}

function serve() {
  parentPort.on('message', ({ name, value, port }) => {
    parentPort.postMessage(`${name}: arrived as ${port ? 'a message with a port' : describe(value)}`);
    port?.close();
  });
}

/** Waits for the worker's answer. */
function answer(worker) {
  return new Promise((resolve) => worker.once('message', resolve));
}

async function main() {
  const worker = new Worker(new URL(import.meta.url));
  const circle = new Circle(2);
  const heights = new Float64Array([1.5, 2.5]);

  worker.postMessage({ name: 'numbers', value: heights });
  console.log(await answer(worker));

  worker.postMessage({ name: 'class instance', value: circle });
  console.log(await answer(worker));

  worker.postMessage({ name: 'its data', value: { radius: circle.radius } });
  console.log(await answer(worker));

  worker.postMessage({ name: 'error', value: new NotFound('pear') });
  console.log(await answer(worker));

  try {
    worker.postMessage({ name: 'function', value: { rows: [1, 2], keep: (row) => row > 1 } });
    console.log(await answer(worker));
  } catch (error) {
    console.log(`function: ${error.name}`);
  }

  try {
    worker.postMessage({ name: 'promise', value: Promise.resolve(3) });
    console.log(await answer(worker));
  } catch (error) {
    console.log(`promise: ${error.name}`);
  }

  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ name: 'port', port: port2 }, [port2]);
  console.log(await answer(worker));
  port1.close();

  await worker.terminate();
}

if (isMainThread) await main();
else serve();
