import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pythonRay } from '../../src/strategies/python/ray';
import { describeClient } from '../strategies/python-ray/client-runs';
import { describeFailures } from '../strategies/python-dask/cluster-failures';
import { describeRuns, type ClusterRuns } from '../strategies/python-dask/cluster-runs';
import { LOOPS } from '../strategies/python-dask/loops';

/** Ray notes there which cluster runs on the machine: programs that start one of their own must not find another. Paths of sockets are short. */
const folder = (name: string): string => fs.mkdtempSync(path.join(os.tmpdir(), `fr-${name}-`));
const FOLDERS = { nodes: folder('n'), own: folder('o') };

/** No token in the person's home, no report to anybody, 127.0.0.1 for all, and time to start on a busy machine. */
const QUIET = { RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '0', RAY_AUTH_MODE: 'disabled', RAY_USAGE_STATS_ENABLED: '0', RAY_raylet_start_wait_time_s: '180', RAY_gcs_rpc_server_reconnect_timeout_s: '10', RAY_TMPDIR: FOLDERS.own };

const NODES = `
import os, sys, time
os.environ["RAY_TMPDIR"] = sys.argv[1]
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"node_ip_address": "127.0.0.1", "num_cpus": 1, "include_dashboard": False})
node = cluster.add_node(node_ip_address="127.0.0.1", num_cpus=1)
raylets = [n.all_processes["raylet"][0].process.pid for n in (cluster.head_node, node)]
print("nodes are at", cluster.address, "by", *raylets, flush=True)
time.sleep(3600)
`;

after(() => {
  for (const name of Object.values(FOLDERS)) fs.rmSync(name, { recursive: true, force: true });
});

const suite: ClusterRuns = {
  strategy: pythonRay,
  folder: path.join(__dirname, '..', 'strategies', 'python-ray'),
  loops: LOOPS,
  async start(start) {
    const { found } = await start(['-c', NODES, FOLDERS.nodes], /nodes are at (\S+) by (\d+) (\d+)/);
    return { env: { RAY_ADDRESS: found[1]! }, nodes: [Number(found[2]), Number(found[3])] };
  },
  planner: {},
  local: QUIET,
  killed: /RuntimeError: a worker died while it computed the items from number 5 on/,
  // Ray ends the program itself after a minute.
  gone: /Failed to connect to GCS within \d+ seconds\. GCS may have been killed/,
  // Ray ends the program itself, too; it has told why.
  lost: /The node with node id: \w+ and address: 127\.0\.0\.1 .* has been marked dead/,
  pickled: 1,
};

describeRuns(suite);
describeFailures(suite);
describeClient(suite);
