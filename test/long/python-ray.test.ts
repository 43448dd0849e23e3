import * as net from 'node:net';
import * as path from 'node:path';
import { pythonRay } from '../../src/strategies/python/ray';
import { describeRuns } from '../strategies/python-dask/cluster-runs';
import { LOOPS } from '../strategies/python-dask/loops';

/** No token in the person's home, no report to anybody. */
const QUIET = { RAY_AUTH_MODE: 'disabled', RAY_USAGE_STATS_ENABLED: '0', RAY_DEDUP_LOGS: '0' };

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

describeRuns({
  strategy: pythonRay,
  folder: path.join(__dirname, '..', 'strategies', 'python-ray'),
  loops: LOOPS,
  async start(_python, start) {
    const port = await freePort();
    const node = ['-m', 'ray.scripts.scripts', 'start', '--block', '--num-cpus=1', '--disable-usage-stats'];
    await start([...node, '--head', `--port=${port}`, '--node-ip-address=127.0.0.1', '--include-dashboard=false'], /Ray runtime started/);
    await start([...node, `--address=127.0.0.1:${port}`], /Ray runtime started/);
    return { env: { RAY_ADDRESS: `127.0.0.1:${port}` } };
  },
  local: QUIET,
  killed: /(?:WorkerCrashedError|The worker died unexpectedly|worker died)/,
});
