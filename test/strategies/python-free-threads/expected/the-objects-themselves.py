import os
from concurrent.futures import ThreadPoolExecutor


class Node:
    def __init__(self, value):
        self.value = value


def larger(a, b):
    return a if a.value >= b.value else b


def _pick_node(a, b):
    node = larger(a, b)
    return node


def pick(left: list[Node], right: list[Node]):
    picked = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for node in pool.map(_pick_node, left, right):
            picked.append(node)
    return picked


if __name__ == "__main__":
    left = [Node(n * 3 % 5) for n in range(6)]
    right = [Node(n * 2 % 5) for n in range(6)]
    picked = pick(left, right)
    print([node.value for node in picked], [node in left for node in picked])
