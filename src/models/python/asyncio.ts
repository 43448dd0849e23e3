/** asyncio: waiting for time, for other coroutines and for threads. A coroutine's effects are counted where it is called. */
import type { NamespaceModel, TypeModel } from '../types';
import { all, does, fresh, later, type Models, namespace, refused, returning, unknown, value } from './make';

const WAITS = { bound: 'io' } as const;
/** Other coroutines see it. */
const SYNCHRONIZES = { reads: ['args', 'receiver'], writes: ['receiver', 'process'], bound: 'io' } as const;

const asyncioFunctions: Models = {
  sleep: does({ reads: ['args', 'clock'], ...WAITS }),
  ...all('wait_for shield', returning('arg0', undefined, WAITS)),
  // What the function in the thread waits for is told by its own effects.
  to_thread: unknown(undefined, { calls: later(0) }),
  ...all('get_running_loop get_event_loop', unknown(undefined, { reads: ['process'] })),
  current_task: unknown(undefined, { reads: ['process'] }),
  iscoroutinefunction: value('bool'),
  iscoroutine: value('bool'),
};

const synchronizer = (name: string, methods: string, questions?: string): TypeModel => ({
  name: `asyncio.${name}`,
  ...refused('it belongs to the event loop of its process'),
  methods: { ...all(methods, value(undefined, SYNCHRONIZES)), ...(questions && all(questions, value(undefined, { reads: ['receiver', 'process'] }))) },
});

export const ASYNCIO_TYPES: readonly TypeModel[] = [
  synchronizer('Lock', 'acquire release', 'locked'),
  synchronizer('Semaphore', 'acquire release', 'locked'),
  synchronizer('BoundedSemaphore', 'acquire release', 'locked'),
  synchronizer('Condition', 'wait notify notify_all'),
  synchronizer('Event', 'wait set clear', 'is_set'),
  synchronizer('Queue', 'put put_nowait get get_nowait join task_done', 'qsize empty full'),
];

export const ASYNCIO_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  asyncio: namespace({ ...asyncioFunctions, ...Object.fromEntries(ASYNCIO_TYPES.map(({ name }) => [name.replace('asyncio.', ''), fresh(name, { reads: ['args'] })])) }),
};
