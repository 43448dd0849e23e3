import * as path from 'node:path';
import { pythonDask } from '../../src/strategies/python/dask';
import { describeFailures } from '../strategies/python-dask/cluster-failures';
import { describeRuns, type ClusterRuns } from '../strategies/python-dask/cluster-runs';
import { LOOPS } from '../strategies/python-dask/loops';

const HERE = ['--host', '127.0.0.1', '--no-dashboard'];

const suite: ClusterRuns = {
  strategy: pythonDask,
  folder: path.join(__dirname, '..', 'strategies', 'python-dask'),
  loops: LOOPS,
  async start(start) {
    const { found } = await start(['-m', 'distributed.cli.dask_scheduler', '--port', '0', ...HERE], /Scheduler at:\s+(tcp:\/\/\S+)/);
    const address = found[1]!;
    const worker = () => start(['-m', 'distributed.cli.dask_worker', address, '--nthreads', '1', '--no-nanny', ...HERE], /Registered to:/);
    return { env: { DASK_SCHEDULER_ADDRESS: address }, nodes: [(await worker()).pid, (await worker()).pid] };
  },
  planner: { DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT: '5s' },
  local: { DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES: '1' },
  killed: /KilledWorker: Attempted to run task '_run_batch[^]*The last worker that attempt(?:ed)? to run the task was tcp:\/\/127\.0\.0\.1:\d+/,
  gone: /FutureCancelledError: _run_batch[^]*lost the connection to the scheduler/,
  // The second, when a batch had moved to the other node before that was killed as well.
  lost: /NoWorkerError: Attempted to run task '[^']+' but timed out after 5\.00 s waiting without any running workers|KilledWorker: Attempted to run task '_run_batch[^]*tcp:\/\/127\.0\.0\.1:\d+/,
  // It finds by a first attempt that the function is the script's own.
  pickled: 2,
};

describeRuns(suite);
describeFailures(suite);
