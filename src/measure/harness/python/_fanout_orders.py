"""Runs a loop's iterations in another order, or each alone from the state at the loop's entry, to see whether they touch each other.

`reversed` and `shuffled`: the values that the header gives are taken first, then handed to the body in another order; the last one stays
last, so that what it leaves behind is the same. Lists that the loop only appends to are put back into the header's order afterwards.

`alone`: at the loop's entry some iterations run in forked children, each on its own copy of the whole program. Then the loop runs as it is
written, and what each of them changed is held against what its twin changed alone: a place where they differ was reached by another iteration.
"""
import itertools
import json
import os
import random
import select
import signal
import sys
import time

import _fanout_events as events
import _fanout_guard as guard

#: Iterations of one entry that run alone, entries in which some do, values that a header may give, seconds that one iteration may take alone.
MAX_ALONE = 24
MAX_ENTRIES = 8
MAX_ITEMS = 200_000
MAX_SECONDS = 30.0

snapshot = None
_entries = 0
#: Descriptor to which this process reports when it is the child that runs one iteration; None elsewhere.
_report_to = None
_state_at_entry = None
_region = None
#: Value of the comprehension's element in this iteration, and which iteration made each element.
_element = None
_made_by = []
_current = 0


def ordered(iterable, region, spec):
    """Stands around what a loop walks over."""
    order = spec["order"]
    if region is None or region.nested:
        return iterable
    iterator = iter(iterable)
    items = list(itertools.islice(iterator, MAX_ITEMS + 1))
    if len(items) > MAX_ITEMS:
        events.emit("no-order", why="the loop's header gives more than %d values" % MAX_ITEMS)
        return itertools.chain(items, iterator)
    _made_by.clear()
    if order["how"] == "alone":
        return _alone(items, region)
    return _in_order(items, region, order["how"])


def element(value):
    """Stands around a comprehension's element."""
    global _element
    _element = value
    _made_by.append(_current)
    return value


def restored(result):
    """Stands around a list comprehension: its elements in the header's order."""
    made, result = list(_made_by), list(result)
    _made_by.clear()
    if len(made) != len(result):
        return result
    return [result[at] for at in sorted(range(len(made)), key=made.__getitem__)]


# ----------------------------------------------------------------------------------------------------------------------
# Another order


def _in_order(items, region, how):
    global _current
    order = list(range(len(items) - 1))
    if how == "reversed":
        order.reverse()
    else:
        random.Random(len(items)).shuffle(order)
    order += [len(items) - 1] if items else []
    collects = [_list_at(region.frame, path) for path in region.names["order"]["collects"]]
    collects = [found for found in collects if found is not None]
    starts = [len(found) for found in collects]
    parts = [[] for _ in collects]
    for index in order:
        _current = index
        lengths = [len(found) for found in collects]
        yield items[index]
        for part, found, length in zip(parts, collects, lengths):
            part.append((index, found[length:]))
    for part, found, start in zip(parts, collects, starts):
        part.sort(key=lambda pair: pair[0])
        found[start:] = [value for _, values in part for value in values]
    events.emit("ordered", how=how, iterations=len(items))


def _list_at(frame, path):
    name, *fields = path
    value = frame.f_locals.get(name, frame.f_globals.get(name))
    for field in fields:
        value = getattr(value, field, None)
    return value if type(value) is list else None


# ----------------------------------------------------------------------------------------------------------------------
# Each iteration alone


def _alone(items, region):
    global _entries, _report_to, _current
    _entries += 1
    chosen = _chosen(len(items)) if _entries <= MAX_ENTRIES and hasattr(os, "fork") else ()
    if not hasattr(os, "fork"):
        events.emit("no-order", why="this system cannot copy a process, so that no iteration ran alone")
    entry = _state(region) if chosen else None
    reports = {}
    for index in chosen:
        parent, child = os.pipe()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        pid = os.fork()
        if pid == 0:
            os.close(parent)
            _become_child(child, region, entry)
            _current = index
            yield items[index]
            report({"changed": _changes(entry, _state(region))})
        os.close(child)
        reports[index] = _read(parent, pid)
    conflicts = []
    for index, item in enumerate(items):
        _current = index
        before = _state(region) if index in reports else None
        yield item
        if before is not None and len(conflicts) < 20:
            conflicts.extend(_conflicts(index, reports[index], entry, before, _state(region)))
    failed = sorted({found["stopped"] for found in reports.values() if "stopped" in found})
    events.emit("alone", iterations=len(items), checked=len(reports), conflicts=conflicts[:20], stopped=failed)


def _chosen(count):
    """The first and the last iterations and some between them; the first of all has nothing before it, and is no test."""
    if count <= MAX_ALONE + 1:
        return list(range(1, count))
    third = MAX_ALONE // 3
    middle = [third + 1 + at * (count - 2 * third - 2) // third for at in range(third)]
    return sorted(set(list(range(1, third + 1)) + middle + list(range(count - third, count))))


def _become_child(descriptor, region, entry):
    global _report_to, _state_at_entry, _region
    _report_to, _state_at_entry, _region = descriptor, entry, region
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    guard.alone = _stopped


def _stopped(what):
    """An iteration that reaches outside the program is not carried out twice."""
    report({"stopped": what})


def left(error):
    """The loop is left in a child: by `break`, `return` or an exception."""
    if _report_to is None:
        return
    if error is None:
        report({"stopped": "it leaves the loop"})
    report({"changed": dict(_changes(_state_at_entry, _state(_region)), exception=type(error).__name__), "error": True})


def report(found):
    """Tells the parent what an iteration did alone, and ends this process."""
    if _report_to is None:
        return
    try:
        guard.alone = None
        data = json.dumps(found).encode("ascii")
        while data:
            data = data[os.write(_report_to, data) :]
    finally:
        os._exit(0)


def _read(descriptor, pid):
    data = b""
    deadline = time.monotonic() + MAX_SECONDS
    try:
        while True:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                os.kill(pid, signal.SIGKILL)
                return {"stopped": "it takes longer than %d seconds" % MAX_SECONDS}
            part = os.read(descriptor, 1 << 16)
            if not part:
                break
            data += part
    finally:
        os.close(descriptor)
        os.waitpid(pid, 0)
    try:
        return json.loads(data)
    except ValueError:
        return {"stopped": "its process ended before the iteration did"}


def _state(region):
    """Token by path of all that can be seen from the loop's names and the program's modules."""
    names = snapshot.names_of(region.frame, region.names, None)
    if _made_by:
        names.append(("the element", _element))
    folded = tuple(region.names["order"]["folded"])
    # What the loop folds into is read first: nothing of it shows up under another name.
    names.sort(key=lambda pair: not any(path == pair[0] or path.startswith(pair[0] + ".") for path in folded))
    budget = snapshot._lines_left
    taken = snapshot.take(names, None)
    snapshot._lines_left = budget
    state = {}
    for row in taken["names"]:
        labels = []
        for line in row["lines"]:
            depth, label, token = line.split("\t", 2)
            del labels[int(depth) :]
            labels.append(label)
            path = "".join(labels)
            if not path.startswith(folded) or not any(path == each or path[len(each) : len(each) + 1] in ("[", ".", " ") for each in folded if path.startswith(each)):
                state[path] = "the same object as another" if token.startswith("same object as value") else token
        if len(row["lines"]) < row["values"]:
            state[row["name"] + " (all of it)"] = row["hash"]
    return state


def _changes(before, after):
    changed = {path: token for path, token in after.items() if before.get(path) != token}
    changed.update((path, None) for path in before if path not in after)
    return changed


def _conflicts(index, alone, entry, before, after):
    """Places that the iteration changed, alone or in order, and that are not the same afterwards."""
    if "changed" not in alone:
        return
    changed = alone["changed"]
    for path in sorted(set(changed) | set(_changes(before, after))):
        by_itself = changed.get(path, entry.get(path))
        in_order = after.get(path)
        if by_itself != in_order:
            yield {"where": path, "iteration": index + 1, "alone": by_itself, "inOrder": in_order}
