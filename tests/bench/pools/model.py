"""model.py - how long a pool should take, told from what empty tasks cost."""
import math
import random
import statistics


class Costs:
    """What is measured with empty tasks, once a round; and the seconds that follow from it.

    Only sums are noted; differences are taken between medians (or between
    minima, with of = min), as a difference of two noisy figures is noisier.
    """

    def __init__(self, lab, program):
        self.lab, self.program, self.seen = lab, program, {}
        self.of = statistics.median

    def run(self, store, ms, n, kind, width, us=0):
        """Note the seconds taken, and those on all processors, the servers' included."""
        before = self.lab.served(ms) if store == "redis" else 0
        wall, cpu = self.lab.run(self.program, store, ms, n, us, kind, width)
        cpu += self.lab.served(ms) - before if store == "redis" else 0
        self.seen.setdefault((store, ms, n, kind, width), []).append((wall, cpu))

    def round(self, places):
        """Everything once, in an order of its own."""
        todo = [("none", 0, 16, kind, 8, 1000) for kind in ("seq", "thread")]
        todo += [("none", 0, p, kind, p) for kind in ("thread", "prefork") for p in (1, 33)]
        todo += [("none", 0, 100, "fork", 8), ("none", 0, 100, "kept", 1)]
        for store, ms in places:
            todo += [(store, ms, n, "seq", 1) for n in self.few_and_many(ms)]
            if ms in (0, 0.2):
                todo += [(store, ms, 32, kind, 32) for kind in ("thread", "fork", "prefork", "kept")]
                todo += [(store, ms, n, "kept", 8) for n in (0, 100)]
        for what in random.sample(todo, len(todo)):
            self.run(*what)

    @staticmethod
    def few_and_many(ms):
        return (2, 8) if ms > 1 else (8, 100) if ms == 0 else (8, 40)

    def wall(self, *what):
        return self.of([wall for wall, _ in self.seen[what]])

    def used(self, *what):
        return self.of([cpu for _, cpu in self.seen[what]])

    def cores(self):
        """How many processors one gets."""
        return max(1, self.wall("none", 0, 16, "seq", 8) / self.wall("none", 0, 16, "thread", 8))

    def slow(self):
        """How long a microsecond of computing is."""
        return self.wall("none", 0, 16, "seq", 8) / 0.016

    def task(self, store, ms):
        """One more task."""
        few, many = self.few_and_many(ms)
        return (self.wall(store, ms, many, "seq", 1) - self.wall(store, ms, few, "seq", 1)) / (many - few)

    def cpu(self, store, ms):
        """One more task, on processors."""
        many = self.few_and_many(ms)[1]
        return min(self.task(store, ms), self.used(store, ms, many, "seq", 1) / many)

    def connect(self, store, ms):
        """What comes on top for the first task of all."""
        few = self.few_and_many(ms)[0]
        return max(0, self.wall(store, ms, few, "seq", 1) - few * self.task(store, ms))

    def soon(self, kind):
        """How soon after a worker the next one can be started."""
        if kind == "fork":
            return self.wall("none", 0, 100, "fork", 8) / 100
        return (self.wall("none", 0, 33, kind, 33) - self.wall("none", 0, 1, kind, 1)) / 32

    def start(self, kind, store, ms):
        """Processor time of making a worker, of its first steps and of its end."""
        ms = 0.2 if ms else 0
        return max(0, self.used(store, ms, 32, kind, 32) / 32 - self.cpu(store, ms))

    def hand(self, store, ms):
        """Processor time of handing out a task and hearing the answer."""
        ms = 0.2 if ms else 0
        both = (self.used(store, ms, 100, "kept", 8) - self.used(store, ms, 0, "kept", 8)) / 100
        return max(0, both - self.cpu(store, ms))

    def hand_soon(self, store):
        """How soon after a task the next one can be handed out."""
        return self.wall(store, 0, 32, "kept", 32) / 32

    def answer(self):
        """From the end of a task to the beginning of the next."""
        return self.wall("none", 0, 100, "kept", 1) / 100


class Model:
    def __init__(self, costs, cores):
        self.costs, self.cores = costs, min(cores, costs.cores())

    def job(self, g):
        """Seconds on a processor and seconds of waiting of one task."""
        cpu = self.costs.cpu(g.store, g.ms)
        return cpu + g.us / 1e6 * self.costs.slow(), self.costs.task(g.store, g.ms) - cpu

    def later(self, g, kind):
        """What the rule is told: how much later all ends for one more worker to begin."""
        if kind == "kept":
            return self.costs.hand_soon(g.store)
        return max(self.costs.soon(kind), self.costs.start(kind, g.store, g.ms) / self.cores)

    def time(self, g, kind, p):
        """The longest of three: starting, the waves, and the work by the processors."""
        cpu, wait = self.job(g)
        n, q = g.n, min(p, g.n)
        if kind == "seq":
            return self.costs.connect(g.store, g.ms) + n * (cpu + wait)
        waves = math.ceil(n / q)
        # All who come to the processors at once wait for each other, the
        # first time; after that they come one after the other.
        queue = max(0, q / self.cores - 1) * cpu
        if kind == "kept":
            soon = start = idle = connect = 0
        else:
            soon, start = self.costs.soon(kind), self.costs.start(kind, g.store, g.ms)
            connect = g.ms / 1e3 if g.store == "redis" else 0
            idle = (p - q) * soon
        if kind == "fork":
            starting = n * soon + cpu + wait + connect
            in_waves = waves * (start + connect + cpu + wait) + queue
            work = n * (start + cpu)
        else:
            hand = answer = handing = 0
            if kind != "thread":
                hand, answer = self.costs.hand(g.store, g.ms), self.costs.answer()
                # The first of each worker must wake it; the others find it about to ask.
                handing = q * self.costs.hand_soon(g.store) + (n - q) * answer + cpu + wait
            starting = max(p * soon, handing)
            in_waves = q * soon + connect + waves * (answer + cpu + wait) + queue
            work = q * start + idle + n * (hand + cpu)
        return max(starting, in_waves, work / min(q, self.cores) + wait + connect)
