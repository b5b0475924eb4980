"""Branches, tags and commits by all their names."""
MARK = "="
FILE = """\
- {src: git+file://@repos@/simple, name: a, version: feature/x}
- {src: git+file://@repos@/simple, name: b, version: origin/feature/x}
- {src: git+file://@repos@/simple, name: c, version: @short@}
- {src: git+file://@repos@/simple, name: d, version: @full@}
- {src: git+file://@repos@/simple, name: e, version: refs/tags/v1}
- {src: git+file://@repos@/simple, name: f, version: HEAD}
"""


def fixtures(f):
    f.role("simple", "v1", "v2", branches=["feature/x"])
    f.bindings["full"] = f.commit_of("simple", "v1")
    f.bindings["short"] = f.commit_of("simple", "v2")[:9]


def both(s, r):
    r.exits(0)
    s.has(*"abcdef")
    for name, version in zip("abcdef", ("feature/x", "feature/x", "v2",
                                        "v1", "v1", "main")):
        s.holds(name, version, "simple")
    s.info("a", "feature/x").info("b", "origin/feature/x")
    s.info("e", "refs/tags/v1").info("f", "HEAD")
