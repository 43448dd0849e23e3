import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


def _weigh_item(unit, item):
	"""One iteration of the loop in `weigh`, run by a worker process."""
	# one at a time
	weight = len(item) * unit
	text = """a
b"""
	return weight + len(text)


def _dask_client():
	"""Joins the cluster that DASK_SCHEDULER_ADDRESS names, or starts one on this machine."""
	if os.environ.get('DASK_SCHEDULER_ADDRESS'):
		return Client()
	return Client(threads_per_worker=1, dashboard_address=None)


def _run_batch(function, items):
	return [function(item) for item in items]


def _map_in_batches(client, function, items):
	"""Yields the function's result for each item, in order. Each core has two batches at a time."""
	items = list(items)
	cores = sum(client.ncores().values()) or 1
	size = max(1, min(32, len(items) // (4 * cores)))
	shared = client.submit(partial, function, pure=False)
	tasks = (client.submit(_run_batch, shared, items[i : i + size], pure=False) for i in range(0, len(items), size))
	running = deque(islice(tasks, 2 * cores))
	while running:
		results = running.popleft().result()
		running.extend(islice(tasks, 1))
		yield from results


def weigh(items, unit):
	"""Weighs."""
	weights = []
	items_2 = list(items)
	with _dask_client() as client:
		for value in _map_in_batches(client, partial(_weigh_item, unit), items_2):
			weights.append(value)
	return weights

if __name__ == '__main__':
	print(weigh(['a', 'bcd'], 2), os.sep)
