import os
from concurrent.futures import InterpreterPoolExecutor
from functools import partial


def _weigh_item(unit, item):
	"""One iteration of the loop in `weigh`, run by a worker interpreter."""
	# one at a time
	weight = len(item) * unit
	text = """a
b"""
	return weight + len(text)


def weigh(items, unit):
	"""Weighs."""
	weights = []
	items_2 = list(items)
	with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
		for value in pool.map(partial(_weigh_item, unit), items_2):
			weights.append(value)
	return weights

if __name__ == '__main__':
	print(weigh(['a', 'bcd'], 2), os.sep)
