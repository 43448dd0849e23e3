from joblib import Parallel, delayed


def step(strength, value):
    return value * strength + 1


def settle(strength, value, rounds):
    for _ in range(rounds):
        value = step(strength, value)
    return value


def _simulate_end(strength, run):
    try:
        return settle(strength, run, 5), None
    except Exception as error:
        return None, error


def simulate(runs, strength):
    ends = []
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_simulate_end)(strength, run) for run in range(runs)
    )
    for end, error in results:
        if error is not None:
            raise error
        ends.append(end)
    return ends


if __name__ == "__main__":
    print(simulate(5, 0.5))
