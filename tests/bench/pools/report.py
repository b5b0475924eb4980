"""report.py - the tables."""
import statistics

from plan import KINDS, RULED

LENGTHS = {5: "5 µs", 50: "50 µs", 500: "500 µs", 5000: "5 ms"}


def row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def head(*cells):
    print()
    row(*cells)
    row(*["-"] * len(cells))


def ms_of(seconds):
    return "%.3g" % (seconds * 1e3) if seconds < 1 else "%.0f" % (seconds * 1e3)


def cells_table(results, groups, n):
    """Each kind 8 wide, and the best width of all kinds that end what they started."""
    head("store", "delay", "task", "sequential", *["%s 8" % kind for kind in KINDS], "best with its start", "its minimum", "best kept")
    for g in groups:
        if g.n != n:
            continue
        seen = [ms_of(results.median(g, kind, 8)) if 8 in results.widths(g, kind) else "" for kind in KINDS]
        made = min((results.median(g, kind, p), kind, p) for kind in ("seq", "thread", "fork", "prefork")
                   for p in results.widths(g, kind))
        kept = min((results.median(g, "kept", p), p) for p in results.widths(g, "kept"))
        row(g.store, "%g" % g.ms, LENGTHS[g.us], ms_of(results.median(g, "seq", 1)), *seen,
            "%s %s" % (ms_of(made[0]), made[1] if made[1] == "seq" else "%s %d" % made[1:]),
            ms_of(results.least(g, *made[1:])), "%s, %d" % (ms_of(kept[0]), kept[1]))


def width_table(results, groups):
    """How the width counts, for one kind after the other."""
    head("store", "delay", "kind", *["%d wide" % p for p in (1, 2, 4, 8, 16, 32)])
    for g in groups:
        if len(results.widths(g, "kept")) == 6 and g.us == 5 and g.n == 8:
            for kind in KINDS:
                row(g.store, "%g" % g.ms, kind, *[ms_of(results.median(g, kind, p)) for p in (1, 2, 4, 8, 16, 32)])


def crossing(points):
    """The delay from which on the difference is negative, between two of those measured."""
    points = sorted(points)
    for i, (ms, lost) in enumerate(points):
        if lost >= 0 or any(later >= 0 for _, later in points[i:]):
            continue
        if i == 0:
            return "always"
        before, then = points[i - 1]
        return "%.2g" % (before + (ms - before) * then / (then - lost))
    return "never"


def crossings(results, model, groups, store, us, kind):
    """Measured, and told by the model."""
    seen, told = [], []
    for g in groups:
        if (g.store, g.us, g.n) == (store, us, 8) and 8 in results.widths(g, kind):
            seen.append((g.ms, results.median(g, kind, 8) - results.median(g, "seq", 1)))
            told.append((g.ms, model.time(g, kind, 8) - model.time(g, "seq", 1)))
    return "%s (%s)" % (crossing(seen), crossing(told)) if seen else ""


def crossing_table(results, model, groups):
    lengths = sorted({g.us for g in groups})
    head("store", "kind", *[LENGTHS[us] for us in lengths])
    for store in "file", "redis":
        for kind in KINDS:
            row(store, kind + " 8", *[crossings(results, model, groups, store, us, kind) for us in lengths])


def error_table(pairs):
    """pairs: {what: [(kind, model / measured - 1)]}"""
    head("model against", "cells", "median", "9 of 10 within", "worst", "bias")
    for what, errors in pairs.items():
        for kind in (None, "seq") + KINDS:
            of = [e for k, e in errors if kind in (None, k)]
            size = sorted(map(abs, of))
            row(what if kind is None else "- " + kind, len(of),
                *["%.1f %%" % (100 * e) for e in (statistics.median(size), size[len(size) * 9 // 10], size[-1],
                                                  statistics.median(of))])


def cost_table(costs):
    head("what empty tasks cost", "µs")

    def say(what, seconds):
        row(what, "%.1f" % (seconds * 1e6))

    for kind, name in ("thread", "a thread"), ("fork", "a process for a task"), ("prefork", "a process that is given tasks"):
        say(name + ", until the next can be started", costs.soon(kind))
        for store in "file", "redis":
            say("- its processor time, with a first task (%s)" % store, costs.start(kind, store, 0))
    say("handing out a task and hearing the answer, one worker", costs.answer())
    for store in "file", "redis":
        say("waking one of 32 workers with a task (%s)" % store, costs.hand_soon(store))
    for store, ms in ("file", 0), ("file", 0.2), ("redis", 0), ("redis", 0.2):
        say("a task, %s, %g ms" % (store, ms), costs.task(store, ms))
        say("- of these on a processor, the server's included", costs.cpu(store, ms))
    print("\nProcessors that one got at a time: %.2f; computing took %.2f times as long as calibrated."
          % (costs.cores(), costs.slow()))


def rule_table(kept):
    """kept: [(group, kind, width of the rule, time, best width, its time, time without)]"""
    head("kind", "jobs", "rule / best: median", "9 of 10 within", "worst", "rule / sequential: worst", "sequential / rule: best")
    rows = {"all": kept, "- jobs of at least 1 ms": [k for k in kept if k[6] / k[0].n >= 1e-3]}
    rows.update({kind: [k for k in kept if k[1] == kind] for kind in RULED})
    for what, of in rows.items():
        if of:
            over = sorted(k[3] / k[5] for k in of)
            row(what, len(of), "%.2f" % statistics.median(over), "%.2f" % over[len(over) * 9 // 10],
                "%.2f" % over[-1], "%.2f" % max(k[3] / k[6] for k in of), "%.1f" % max(k[6] / k[3] for k in of))
    print("\nThe five where the rule did worst:")
    head("store", "delay", "keys", "task", "kind", "rule", "ms", "best", "ms", "sequential, ms")
    for g, kind, width, time, best, least, alone in sorted(kept, key=lambda k: -k[3] / k[5])[:5]:
        row(g.store, "%g" % g.ms, g.n, LENGTHS[g.us], kind, width, ms_of(time), best, ms_of(least), ms_of(alone))


def advice_table(advice):
    """advice: {(what, cpu, wait, start): {n: width}}"""
    first = next(iter(advice.values()))
    head("a job", "processor, ms", "waiting, ms", "start, ms", *["%d jobs" % n for n in first])
    for (what, *times), widths in advice.items():
        row(what, *["%g" % (t * 1e3) for t in times], *widths.values())
