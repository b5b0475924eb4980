"""draw.py - the pools against no pool, as small panels of SVG."""
import math

COLOURS = {"thread": "#1f77b4", "fork": "#d62728", "prefork": "#ff7f0e", "kept": "#2ca02c"}
WIDE, HIGH, LEFT, TOP, GAP = 190, 150, 58, 62, 34
LOWEST, HIGHEST = 0.08, 60


def x_of(ms, first):
    """0 has a place of its own, left of the logarithms."""
    if ms == 0:
        return 12
    return 32 + (WIDE - 42) * math.log(ms / first) / math.log(100 / first)


def y_of(ratio):
    ratio = min(max(ratio, LOWEST), HIGHEST)
    return HIGH * (1 - math.log(ratio / LOWEST) / math.log(HIGHEST / LOWEST))


def text(x, y, words, anchor="middle", more=""):
    return '<text x="%.0f" y="%.0f" text-anchor="%s"%s>%s</text>' % (x, y, anchor, more, words)


def panel(title, lines, first):
    """lines: {kind: [(ms, measured ratio, the model's)]}"""
    yield '<rect width="%d" height="%d" fill="none" stroke="#999"/>' % (WIDE, HIGH)
    yield text(WIDE / 2, -6, title)
    for ratio in 0.1, 1, 10:
        y = y_of(ratio)
        yield '<path d="M0 %.1fH%d" stroke="%s"/>' % (y, WIDE, "#000" if ratio == 1 else "#ddd")
        yield text(-4, y + 4, "%g" % ratio, "end")
    for ms in 0, 0.01, 0.1, 1, 10, 100:
        if ms == 0 or ms >= first:
            yield text(x_of(ms, first), HIGH + 13, "%g" % ms)
    for kind, points in lines.items():
        at = ["%.1f %.1f" % (x_of(ms, first), y_of(model)) for ms, _, model in points]
        yield '<path d="M%s" fill="none" stroke="%s"/>' % ("L".join(at), COLOURS[kind])
        for ms, seen, _ in points:
            yield '<circle cx="%.1f" cy="%.1f" r="2.5" fill="%s"/>' % (x_of(ms, first), y_of(seen), COLOURS[kind])


def svg(title, rows, first):
    """rows: [[(title, lines)]]"""
    wide = LEFT + max(map(len, rows)) * (WIDE + GAP)
    high = TOP + len(rows) * (HIGH + GAP + 12) + 6
    yield ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" '
           'font-family="sans-serif" font-size="10">' % (wide, high, wide, high))
    yield '<rect width="%d" height="%d" fill="#fff"/>' % (wide, high)
    yield text(LEFT, 16, title, "start", ' font-size="13"')
    yield text(LEFT, 34, "time of the pool / time without one, by the delay of an operation in ms; "
               "below 1 the pool wins; dots are measured, lines are the model", "start")
    for i, kind in enumerate(COLOURS):
        yield '<circle cx="%d" cy="12" r="4" fill="%s"/>' % (LEFT + 530 + 75 * i, COLOURS[kind])
        yield text(LEFT + 538 + 75 * i, 16, kind, "start")
    for r, row in enumerate(rows):
        for c, (name, lines) in enumerate(row):
            yield '<g transform="translate(%d %d)">' % (LEFT + c * (WIDE + GAP), TOP + r * (HIGH + GAP + 12))
            yield from panel(name, lines, first[r])
            yield "</g>"
    yield "</svg>"
