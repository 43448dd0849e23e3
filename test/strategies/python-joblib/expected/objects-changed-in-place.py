from joblib import Parallel, delayed


class Particle:
    def __init__(self, x, v):
        self.x = x
        self.v = v
        self.name = str(x)

    def step(self, dt):
        self.x += self.v * dt
        if self.x > 10:
            self.v = -self.v


def _advance_item(dt, p):
    try:
        p.step(dt)
        return (p.x, p.v), None
    except Exception as error:
        return None, error


def advance(particles: list[Particle], dt):
    results = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_advance_item)(dt, p) for p in particles
    )
    for p, (result, error) in zip(particles, results):
        if error is not None:
            raise error
        x, v = result
        p.x = x
        p.v = v


if __name__ == "__main__":
    particles = [Particle(float(i), i * 2.0) for i in range(6)]
    first = particles[0]
    advance(particles, 1.5)
    print([(p.x, p.v, p.name) for p in particles], first is particles[0])
