#!/bin/sh
# Calls that have no place in this program, and descriptors that a child
# would inherit.
. "$(dirname "$0")/lib.sh"
need python3
files 'src/*.c' 'src/*.h' | python3 -c '
import re, sys

# A call that is never made, or only in the files that match.
BANNED = {
    r"system|popen|exec(l|le|lp|ve|vpe)|fexecve|posix_spawnp?": None,
    r"execvp?": r"src/proc",
    r"strcpy|strcat|sprintf|vsprintf|gets|tmpnam|tempnam|mktemp|alloca": None,
    r"strtok|asctime|ctime|gmtime|localtime|setjmp|longjmp": None,
    r"printf|vprintf|puts|putchar|perror|warnx?|errx?|vwarnx?": r"src/(ui|main|cmd/)",
    r"git_checkout\w*|git_clone|git_remote_\w+": r"src/fetch/",
    r"exit": r"src/(main|cmd/)",
}
# A call that needs a flag among its arguments.
FLAGGED = {
    r"open|openat|openat2": "O_CLOEXEC|how",
    r"pipe2": "O_CLOEXEC",
    r"pipe": "never: pipe2",
    r"socket|socketpair|accept4": "SOCK_CLOEXEC",
    r"dup": "never: F_DUPFD_CLOEXEC",
    r"fopen|fdopen_": "\"[rwa]\\+?b?e\"",
    r"mkostemp": "O_CLOEXEC",
    r"mkstemp": "never: mkostemp",
    r"signalfd|epoll_create1|memfd_create": "CLOEXEC",
}

def bare(text):
    """Comments and strings blanked (fopen modes kept), lines kept."""
    def blank(m):
        s = m.group(0)
        if re.fullmatch(r"\"[rwa]\+?b?e?\"", s):
            return s
        return re.sub(r"[^\n]", " ", s) if s[0] == "/" else "\"\"" + "\n" * s.count("\n")
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"|\x27(?:\\.|[^\x27\\])*\x27", blank, text, flags=re.S)

def arguments(text, start):
    depth = 0
    for i in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return text[start:i + 1]
    return text[start:]

bad = 0
for name in sys.stdin.read().split():
    text = bare(open(name).read())
    def complain(at, what):
        global bad
        bad = 1
        print("%s:%d: %s" % (name, text.count("\n", 0, at) + 1, what))
    for calls, where in BANNED.items():
        if where and re.match(where, name):
            continue
        for m in re.finditer(r"(?<![\w.>])(%s)\s*\(" % calls, text):
            complain(m.start(), m.group(1) + "()")
    for calls, flag in FLAGGED.items():
        for m in re.finditer(r"(?<![\w.>])(%s)\s*\(" % calls, text):
            said = arguments(text, m.end() - 1)
            # A variable that was given the flag counts as the flag.
            if re.search(r"\bflags\b", said):
                said += " ".join(re.findall(r"\bflags\s*\|?=[^;]*;", text))
            if not re.search(flag, said) and not re.match(r"src/main.c", name):
                complain(m.start(), m.group(1) + "() without " + flag)
    if not re.match(r"src/(ui|main|cmd/)", name):
        for m in re.finditer(r"\b(stdout|stderr)\b", text):
            complain(m.start(), m.group(1))
sys.exit(bad)
'
