"""Counts the iterations that the program hands to process pools, and starts them as FANOUT_START says."""

import atexit
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

if 'FANOUT_COUNT' in os.environ and 'FANOUT_COUNT_PID' not in os.environ:
    os.environ['FANOUT_COUNT_PID'] = str(os.getpid())
    handed = 0
    original_map = ProcessPoolExecutor.map
    original_submit = ProcessPoolExecutor.submit
    mapping = False

    def counted(values):
        global handed
        for value in values:
            handed += 1
            yield value

    def counting_map(self, function, *iterables, **options):
        global mapping
        mapping = True
        try:
            first, *others = iterables
            return original_map(self, function, counted(first), *others, **options)
        finally:
            mapping = False

    def counting_submit(self, *args, **options):
        global handed
        if not mapping:
            handed += 1
        return original_submit(self, *args, **options)

    def write():
        if os.environ['FANOUT_COUNT_PID'] == str(os.getpid()):
            with open(os.environ['FANOUT_COUNT'], 'w') as file:
                file.write(str(handed))

    ProcessPoolExecutor.map = counting_map
    ProcessPoolExecutor.submit = counting_submit
    atexit.register(write)
    multiprocessing.set_start_method(os.environ['FANOUT_START'])
