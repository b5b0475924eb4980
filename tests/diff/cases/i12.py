"""Two at the same time."""
import threading

from fixtures import role_tar
from sides import Differs

MARK = "+"
WHY = "one goes after the other"
FILE = "- {src: @url@/files/r.tar.gz, version: v1}\n"


def fixtures(f):
    f.serve()
    f.file("r.tar.gz", role_tar("r", "v1"))


def ask(s):
    s.write("r.yml", FILE)
    results = []
    threads = [threading.Thread(target=lambda: results.append(
        s.install(None, "-r", "r.yml"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def kelpie(s, results):
    if len(results) != 2:
        raise Differs("one did not end")
    for r in results:
        r.exits(0)
    s.has("r").holds("r", "v1").info("r", "v1")
