import multiprocessing
import os
from functools import partial


def _weigh_item(unit, item):
	"""One iteration of the loop in `weigh`, run by a worker process."""
	# one at a time
	weight = len(item) * unit
	text = """a
b"""
	return weight + len(text)


def weigh(items, unit):
	"""Weighs."""
	weights = []
	items_2 = list(items)
	chunksize = max(1, len(items_2) // (4 * (os.cpu_count() or 1)))
	with multiprocessing.get_context('forkserver').Pool() as pool:
		for value in pool.imap(partial(_weigh_item, unit), items_2, chunksize=chunksize):
			weights.append(value)
	return weights

if __name__ == '__main__':
	print(weigh(['a', 'bcd'], 2), os.sep)
