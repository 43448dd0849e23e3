import os

from joblib import Parallel, delayed


def _weigh_item(unit, item):
	"""One iteration of the loop in `weigh`, run by a worker process."""
	try:
		# one at a time
		weight = len(item) * unit
		text = """a
b"""
		return weight + len(text), None
	except Exception as error:
		return None, error


def weigh(items, unit):
	"""Weighs."""
	weights = []
	items_2 = list(items)
	results = Parallel(n_jobs=-1, return_as='generator')(
		delayed(_weigh_item)(unit, item) for item in items_2
	)
	for value, error in results:
		if error is not None:
			raise error
		weights.append(value)
	return weights

if __name__ == '__main__':
	print(weigh(['a', 'bcd'], 2), os.sep)
