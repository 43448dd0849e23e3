/** Programs outside a Ray cluster: they reach it through a server for clients, at `ray://HOST:PORT`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { provide } from '../../../scripts/lib/cache.mjs';
import { findToolchains } from '../../../scripts/setup-python.mjs';
import { expectedFile, sourceOf } from '../python-dask/cluster-suite';
import { printsTheSame, starter, type ClusterRuns } from '../python-dask/cluster-runs';
import { commandOf, marked, type Marked } from '../python-dask/processes';

/** What `ray[client]` asks for besides Ray. */
const GRPC = 'grpcio==1.85.1';

const LOOPS = ['several-lists', 'large-shared-value', 'objects-changed-in-place', 'exception-after-commits'];

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function describeClient(suite: ClusterRuns): void {
  describe(`${suite.strategy.meta.id}: through ray://HOST:PORT`, function () {
    this.timeout(600_000);
    let python = '';
    let packages = '';
    let mark: Marked;
    let address = '';
    const client = (): ClusterRuns => ({ ...suite, planner: { ...suite.planner, PYTHONPATH: packages } });

    before(async function () {
      const { path: found, why } = findToolchains().tools;
      if (found === null) {
        console.log(`      pending: ${why}`);
        this.skip();
      }
      python = found;
      try {
        packages = await provide('python-ray-client', `${path.basename(path.resolve(python, '..', '..'))}-${GRPC.split('==')[1]}`, async (folder) => {
          await promisify(execFile)(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, GRPC]);
        });
      } catch (error) {
        console.log(`      pending: ${GRPC} cannot be installed: ${(error as Error).message.split('\n')[0]}`);
        this.skip();
      }
      mark = marked();
      const { env } = await suite.start(starter(client(), python, mark));
      address = env.RAY_ADDRESS!;
    });

    after(async () => {
      if (address === '') return;
      await mark.end();
      assert.deepEqual(mark.alive().map(commandOf), []);
    });

    for (const name of LOOPS) {
      it(`${name} prints the same`, async () => {
        // Such a server is for one client, and ends after it.
        const port = await freePort();
        await starter(client(), python, mark)(['-m', 'ray.util.client.server', '--host', '127.0.0.1', '--port', String(port), '--mode', 'specific-server', '--address', address], /idle checks before shutdown/);
        const env = { ...suite.local, RAY_ADDRESS: `ray://127.0.0.1:${port}`, PYTHONPATH: packages };
        await printsTheSame(python, sourceOf(name), fs.readFileSync(expectedFile(suite, name), 'utf8'), env);
      });
    }
  });
}
