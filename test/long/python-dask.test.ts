import * as path from 'node:path';
import { pythonDask } from '../../src/strategies/python/dask';
import { describeRuns } from '../strategies/python-dask/cluster-runs';
import { LOOPS } from '../strategies/python-dask/loops';

const HERE = ['--host', '127.0.0.1', '--no-dashboard'];

describeRuns({
  strategy: pythonDask,
  folder: path.join(__dirname, '..', 'strategies', 'python-dask'),
  loops: LOOPS,
  async start(_python, start) {
    const [, address] = await start(['-m', 'distributed.cli.dask_scheduler', '--port', '0', ...HERE], /Scheduler at:\s+(tcp:\/\/\S+)/);
    for (let node = 0; node < 2; node++) {
      await start(['-m', 'distributed.cli.dask_worker', address!, '--nthreads', '1', '--no-nanny', ...HERE], /Registered to:/);
    }
    return { env: { DASK_SCHEDULER_ADDRESS: address! } };
  },
  local: { DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES: '1' },
  killed: /KilledWorker: Attempted to run task '_run_batch[^]*The last worker that attempt(?:ed)? to run the task was tcp:\/\/127\.0\.0\.1:\d+/,
});
