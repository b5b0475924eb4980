#!/usr/bin/env python3
"""run.py [-j N] [-k] [CASE...] - kelpie beside ansible-galaxy, case by case.

A file cases/ID.py is a case.  Its first line says what it is about, MARK is

    =   both do the same: status, roles, install info; and the lines, where
        kelpie is called by the name ansible-galaxy
    +   kelpie does more or otherwise; the case says what each does, and WHY
    ?   the manual says what kelpie does, and WHY

and it has some of

    FILE, ARGS        the requirements file, and more arguments
    VARIANTS          {name: FILE}, each a run in directories of its own
    fixtures(f)       makes repositories and servers, see fixtures.py
    ask(s)            runs the program if FILE is not enough, see sides.py
    both(s, r)        what holds for all of them
    galaxy(s, r)      what ansible-galaxy does
    kelpie(s, r)      what kelpie does
    name(s, r)        what kelpie does by the name ansible-galaxy; without
                      it, a case with = is run by that name and compared
    COMPARE           who is compared with ansible-galaxy where the mark is
                      =, kelpie and name if nothing else is said
    CORE              the version of ansible-core without which galaxy() is
                      left out, where versions differ
    TREES, LINES      False where the trees or the lines are not compared;
                      LINES may be a pattern of those that are not

Prints a line a case, then a count by mark.  Exit status 77: no
ansible-galaxy here.  -k keeps the directories of cases that differ.
"""
import argparse
import concurrent.futures
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import fixtures as fixtures_of_cases    # noqa: E402
import sides                            # noqa: E402
from sides import Differs               # noqa: E402

MARKS = "=+?"


def load(path):
    name = os.path.basename(path)[:-3]
    spec = importlib.util.spec_from_file_location("case_" + name, path)
    case = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(case)
    case.ID = name.upper()
    if case.MARK not in MARKS or not case.__doc__ or (
            case.MARK != "=" and not case.WHY):
        sys.exit("%s: no mark, no description or no reason" % path)
    return case


def natural(name):
    return name[0], int(re.sub(r"\D", "", name) or 0)


# ---- comparing ----

def same_trees(one, two):
    """Not at one: the first thing that is different."""
    left, right = one.tree(), two.tree()
    for path in sorted(set(left) | set(right)):
        if left.get(path) != right.get(path):
            raise Differs("%s is %s, there %s" % (
                path, right.get(path, "not there"),
                left.get(path, "not there")))
    for role in one.roles():
        info = "roles/%s/meta/.galaxy_install_info" % role
        if os.path.exists(one.path(info)):
            two.info(role, one.version(role))


def lines_of(result, left_out):
    """The lines that callers read, as {without blanks: line}; reasons are
    each program's own."""
    lines = [line for line in result.out.split("\n") if line.strip()]
    for entry in result.entries():
        short = re.match(r"\[WARNING\]: - .* was NOT installed successfully",
                         entry)
        if entry.startswith("ERROR! ") and "--ignore-errors" not in entry:
            entry = "ERROR! ..."
        lines.append(short.group(0) if short else entry)
    return {re.sub(r"\s", "", line).replace(result.top, "@T@"): line
            for line in lines if not re.match(left_out, line)}


def same_lines(one, two, left_out):
    for ours, theirs in zip(two.results, one.results):
        left, right = (lines_of(result, left_out)
                       for result in (theirs, ours))
        if list(left) == list(right):
            continue
        for key in left:
            if key not in right:
                raise Differs("no line %r%s" % (left[key], ours.tail()))
        for key in right:
            if key not in left:
                raise Differs("one line more, %r" % right[key])
        raise Differs("the lines are in another order")


def same_statuses(one, two):
    for ours, theirs in zip(two.results, one.results):
        if ours.status != theirs.status:
            raise Differs("status %s, there %s%s" % (
                ours.status, theirs.status, ours.tail()))


# ---- running ----

class Runner:
    def __init__(self, top, core, keep):
        self.top, self.core, self.keep = top, core, keep
        self.kelpie = os.environ.get("KELPIE") or os.path.join(
            HERE, "..", "..", "build", "dev", "kelpie")
        self.kelpie = os.path.realpath(self.kelpie)
        self.galaxy = shutil.which("ansible-galaxy")
        os.mkdir(os.path.join(top, "bin"))
        self.name = os.path.join(top, "bin", "ansible-galaxy")
        os.symlink(self.kelpie, self.name)

    def case(self, case):
        """The differences of a case, as (side, text)."""
        top = os.path.join(self.top, case.ID.lower())
        os.mkdir(top)
        for name in ("home", "tmp", "fixtures"):
            os.mkdir(os.path.join(top, name))
        environment = sides.clean_environment(os.path.join(top, "home"),
                                              os.path.join(top, "tmp"))
        fixtures = fixtures_of_cases.Fixtures(
            os.path.join(top, "fixtures"), environment)
        differences = []
        try:
            if hasattr(case, "fixtures"):
                case.fixtures(fixtures)
            variants = getattr(case, "VARIANTS", {None: None})
            for number, variant in enumerate(variants):
                directory = os.path.join(top, str(number))
                os.mkdir(directory)
                differences += self.variant(case, directory, fixtures,
                                            variant)
        except Exception:
            differences.append(("case", traceback.format_exc()))
        finally:
            fixtures.close()
        if not (differences and self.keep):
            remove(top)
        return differences

    def variant(self, case, top, fixtures, variant):
        found = []

        def note(who, error):
            where = " (%s)" % variant if variant else ""
            found.append((who + where, str(error)))

        def side(who, command):
            side = sides.Side(who, os.path.join(top, who), command,
                              fixtures, variant)
            try:
                side.result = self.ask(case, side)
            except Differs as error:
                note(who, error)
                return None
            return side

        def check(side, *names):
            if side is None:
                return None
            try:
                for name in names:
                    if hasattr(case, name):
                        getattr(case, name)(side, side.result)
                if side.is_kelpie and side.litter():
                    raise Differs("left: %s" % " ".join(
                        map(str, side.litter())))
                return side
            except Differs as error:
                note(side.who, error)
                return None

        galaxy = None
        if case.MARK == "=" or hasattr(case, "galaxy"):
            galaxy = side("galaxy", self.galaxy)
            if not left_out(case, self.core):
                check(galaxy, "both", "galaxy")
        kelpie = side("kelpie", self.kelpie)
        kelpie = check(kelpie, "both", "kelpie")
        by_name = None
        if case.MARK == "=" or hasattr(case, "name"):
            by_name = side("name", self.name)
            by_name = check(by_name, "both",
                            "name" if hasattr(case, "name") else "kelpie")
        if case.MARK == "=":
            self.compare(case, galaxy, kelpie, by_name, note)
        return found

    @staticmethod
    def compare(case, galaxy, kelpie, by_name, note):
        for side in (kelpie, by_name):
            if galaxy is None or side is None or side.who not in getattr(
                    case, "COMPARE", ("kelpie", "name")):
                continue
            try:
                same_statuses(galaxy, side)
                if getattr(case, "TREES", True):
                    same_trees(galaxy, side)
                lines = getattr(case, "LINES", "(?!)")
                if side is by_name and lines:
                    same_lines(galaxy, side, lines)
            except Differs as error:
                note(side.who, error)

    @staticmethod
    def ask(case, side):
        if hasattr(case, "ask"):
            return case.ask(side)
        variants = getattr(case, "VARIANTS", None)
        text = variants[side.variant] if variants else case.FILE
        return side.install(text, *getattr(case, "ARGS", ()))


def remove(top):
    """Also what has no permission to be removed."""
    for where, names, _ in os.walk(top):
        for name in names:
            path = os.path.join(where, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(top, ignore_errors=True)


def core_version(program):
    out = subprocess.run([program, "--version"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL).stdout.decode()
    found = re.search(r"core (\d+\.\d+)", out)
    return found.group(1) if found else "?"


def left_out(case, core):
    """Is what ansible-galaxy does in this case another release's?"""
    return getattr(case, "CORE", core) != core


def report(case, core, differences):
    words = case.__doc__.strip().split("\n")[0]
    if left_out(case, core):
        words += " (ansible-galaxy is of %s here, not %s)" % (core, case.CORE)
    print("%-3s %s %-7s %s" % (case.ID, case.MARK,
                               "DIFFERS" if differences else "agrees",
                               words))
    seen = set()
    for who, text in differences:
        if (who, text) not in seen:
            print("      %s: %s" % (who, text.replace("\n", "\n        ")))
        seen.add((who, text))
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-j", type=int, default=2, metavar="N")
    parser.add_argument("-k", action="store_true")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    options = parser.parse_args()

    galaxy = shutil.which("ansible-galaxy")
    if not galaxy:
        print("1..0 # SKIP no ansible-galaxy here")
        return 77
    wanted = [name.lower() for name in options.cases]
    names = sorted((name[:-3] for name in
                    os.listdir(os.path.join(HERE, "cases"))
                    if name.endswith(".py")), key=natural)
    cases = [load(os.path.join(HERE, "cases", name + ".py"))
             for name in names
             if not wanted or any(name == want or (
                 want.isalpha() and name[0] == want) for want in wanted)]
    top = os.path.realpath(tempfile.mkdtemp(prefix="kelpie-diff-"))
    good = dict.fromkeys(MARKS, 0)
    failed = False
    try:
        home = os.path.join(top, "home")
        os.mkdir(home)
        os.environ.update(HOME=home, ANSIBLE_HOME=home)
        core = core_version(galaxy)
        del os.environ["ANSIBLE_HOME"]
        runner = Runner(top, core, options.k)
        with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
            try:
                for case, differences in zip(
                        cases, pool.map(runner.case, cases)):
                    report(case, core, differences)
                    good[case.MARK] += not differences
                    failed = failed or bool(differences)
            except BaseException:
                sides.end_all()
                pool.shutdown(cancel_futures=True)
                raise
    finally:
        if not (failed and options.k):
            remove(top)
    if failed and options.k:
        print("what differs is in", top)
    print(", ".join("%s %d of %d" % (
        mark, good[mark], sum(case.MARK == mark for case in cases))
        for mark in MARKS) + " agree (ansible-core %s)" % core)
    return 1 if failed else 0


if __name__ == "__main__":
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    sys.exit(main())
