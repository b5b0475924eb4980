"""plan.py - which cells are measured, and the measuring."""
import random
import statistics
import threading
from collections import namedtuple

Group = namedtuple("Group", "store ms n us")  # a job: where, how far, how many, how long
KINDS = ("thread", "fork", "prefork", "kept")
RULED = ("thread", "prefork", "kept")  # those that have workers
WIDTHS = (1, 2, 4, 8, 16, 32)
DELAYS = (0, 0.2, 0.4, 1, 5, 20, 100)
NEAR = (0.01, 0.02, 0.05, 0.1)  # files only: a proxy alone takes longer


def groups(quick):
    """What to measure: a dict of groups with the (kind, width) of each.

    The whole product would take an hour, nearly all of it in waiting for
    sequential passes; where a pass is long, fewer widths are measured.
    """
    found = {}

    def add(store, ms, n, us, widths):
        found[Group(store, ms, n, us)] = [("seq", 1)] + [(k, p) for k in KINDS for p in widths]

    few = (2, 8, 32)
    for store in "file", "redis":
        if quick:
            for ms in 0, 0.2, 1, 5:
                for us in 5, 500:
                    add(store, ms, 8, us, few)
            continue
        for ms in DELAYS:
            for us in 5, 50, 500, 5000:
                if us < 5000 or store == "file" or ms in (0, 1, 20):
                    add(store, ms, 8, us, WIDTHS if ms <= 1 and us < 5000 else few if ms * us < 1e5 and ms < 100 else (8,))
        for ms in 0, 0.4, 1:
            add(store, ms, 100, 5, WIDTHS if ms == 0 else few[1:])
            if ms < 1:
                add(store, ms, 100, 500, few if ms == 0 else few[1:])
        add(store, 20, 100, 5, few[1:])
    for ms in NEAR:
        for us in (5,) if quick else (5, 50, 500):
            add("file", ms, 8, us, (8,))
    return found


def patient(group):
    """Waits so long that several such groups can be measured at a time."""
    return group.ms >= 20 and group.us < 5000 or group.ms >= 100


class Results:
    """Seconds of each (group, kind, width), one a round."""

    def __init__(self):
        self.seen, self.lock = {}, threading.Lock()

    def note(self, key, wall):
        with self.lock:
            self.seen.setdefault(key, []).append(wall)

    def median(self, group, kind, width):
        return statistics.median(self.seen[group, kind, width])

    def least(self, group, kind, width):
        return min(self.seen[group, kind, width])

    def widths(self, group, kind):
        return sorted(p for g, k, p in self.seen if g == group and k == kind)

    def groups(self):
        return list(dict.fromkeys(g for g, _, _ in self.seen))


def once(lab, program, group, variants, results):
    """All variants of a group, in an order of their own."""
    for kind, width in random.sample(variants, len(variants)):
        wall, _ = lab.run(program, group.store, group.ms, group.n, group.us, kind, width)
        results.note((group, kind, width), wall)


def measure(lab, wanted, rounds, lanes, results, costs):
    """Round after round; those that only wait, in several lanes at the end."""
    alone = [g for g in wanted if not patient(g)]
    places = list(dict.fromkeys((g.store, g.ms) for g in wanted))
    program = lab.program("alone")
    for number in range(rounds):
        mixed = random.sample(alone, len(alone))
        for part in mixed[::2], mixed[1::2]:
            # What is far takes long, and varies little.
            costs.round([(store, ms) for store, ms in places if ms < 20 or number == 0])
            for group in part:
                once(lab, program, group, wanted[group], results)
    # The longest come last in the list, so that no lane is alone for long at the end.
    todo = [g for g in wanted if patient(g) for _ in range(rounds)]
    todo.sort(key=lambda g: (g.ms * g.n, random.random()))

    def lane(own):
        while True:
            try:
                group = todo.pop()
            except IndexError:
                return
            once(lab, own, group, wanted[group], results)

    threads = [threading.Thread(target=lane, args=(lab.program("lane%d" % i),)) for i in range(lanes if todo else 0)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def obey(lab, chosen, rounds):
    """Measure again, in turn, what was chosen: {(group, kind): {(kind or seq, width)}} -> {kind: Results}."""
    program = lab.program("rule")
    results = {kind: Results() for kind in RULED}
    for _ in range(rounds):
        for group, kind in random.sample(list(chosen), len(chosen)):
            once(lab, program, group, sorted(chosen[group, kind]), results[kind])
    return results
