import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pythonRay } from '../../src/strategies/python/ray';
import { describeRuns } from '../strategies/python-dask/cluster-runs';
import { LOOPS } from '../strategies/python-dask/loops';

/** Ray notes there which cluster runs on the machine: programs that start one of their own must not find another. Paths of sockets are short. */
const folder = (name: string): string => fs.mkdtempSync(path.join(os.tmpdir(), `fr-${name}-`));
const FOLDERS = { nodes: folder('n'), own: folder('o') };

/** No token in the person's home, no report to anybody, and time to start on a busy machine. */
const QUIET = { RAY_AUTH_MODE: 'disabled', RAY_USAGE_STATS_ENABLED: '0', RAY_raylet_start_wait_time_s: '180', RAY_TMPDIR: FOLDERS.own };

const NODES = `
import os, sys, time
os.environ["RAY_TMPDIR"] = sys.argv[1]
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
cluster.add_node(num_cpus=1)
print("nodes are at", cluster.address, flush=True)
time.sleep(3600)
`;

after(() => {
  for (const name of Object.values(FOLDERS)) fs.rmSync(name, { recursive: true, force: true });
});

describeRuns({
  strategy: pythonRay,
  folder: path.join(__dirname, '..', 'strategies', 'python-ray'),
  loops: LOOPS,
  async start(_python, start) {
    const [, address] = await start(['-c', NODES, FOLDERS.nodes], /nodes are at (\S+)/);
    return { env: { RAY_ADDRESS: address! } };
  },
  local: QUIET,
  killed: /RuntimeError: a worker died while it computed the items from number 5 on/,
});
