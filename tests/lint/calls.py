#!/usr/bin/env python3
"""calls.py FILE... - which file makes which calls.

Each file of src/ that makes a call of the tables has to be named there; a
name that is there for nothing is told, too, so that the tables stay narrow.
A new name is a decision: read how the others in the row do it.
"""
import re
import sys

# Calls that are never made.
NEVER = """
system popen execl execle execlp execve execvpe fexecve posix_spawn posix_spawnp
vfork clone pthread_create
openat2 creat fopen fdopen freopen tmpfile
chmod chown lchown fchownat setxattr fsetxattr lsetxattr
remove link linkat symlink mknod mknodat mkfifo mkfifoat mkstemp
truncate fallocate posix_fallocate
setuid seteuid setgid setegid setgroups setresuid setresgid chroot mount umount
strcpy strcat sprintf vsprintf gets tmpnam tempnam mktemp alloca
strtok asctime ctime gmtime localtime setjmp longjmp rand random srand
printf vprintf putchar perror warn warnx err errx vwarn vwarnx dprintf
pipe dup
git_clone git_checkout_head git_checkout_index git_checkout_tree
git_remote_fetch git_remote_connect git_submodule_update
archive_read_extract archive_read_extract2
"""

# Calls and the files that may make them.  The comment says what for.
MAY = """
# Opening a file to write: the one writer of roles, what is ours in .kelpie,
# the cache, files of the user's, what a worker keeps of an archive, what the user
# asked for.
WRITE: tree state state_journal store_lock store_stage cache cache_entry
WRITE: file fetch/archive cmd/init cmd/convert
# A mirror: its files, a tar of it and what comes out of one, a pack made.
WRITE: mirror fetch/untar fetch/git_made
# What is signed: from the worker, and for the program that looks at it.
WRITE: fetch/git_signed signature_run
# /dev/null, for streams and children.
WRITE: main pool_slot proc

# Opening a file to read, or a directory.
READ: tree walk walk_compare walk_remove below
READ: state store store_commit store_lock store_lower installinfo inventory
READ: cache cache_clean cache_entry
READ: about meta install_needs_read spec_file lockfile_read lockfile_write
READ: file cmd/edits
READ: config_file config_token credential_netrc kennel
READ: cmd/diff cmd/verify_files fetch/archive fetch/diff fetch/directory
READ: fetch/git_loose fetch/module
READ: mirror install_mirror cmd/download_dir cmd/from fetch/untar
READ: store_stage signed_keys signature_run
READ: cmd/scratch ssh_dir sandbox_landlock sandbox_openbsd cmd/bench_run cmd/init
opendir: git/pack http_trust ssh_dir cmd/scratch
fdopendir: walk walk_compare walk_remove store store_lower inventory
fdopendir: cache_clean cache_entry
fdopendir: fetch/directory fetch/git ssh_dir cmd/download_dir
# Questions of the user's own files, before anything is opened.
access: fetch_load proc_run install_link fetch/config
access: cmd/install_options cmd/install_specs cmd/kennel cmd/list cmd/run cmd/verify

# Changing what is there.
fchown: file
fchmod: file walk walk_remove cache_entry
fchmodat: walk_remove
umask: walk
unlink: file fetch/archive cmd/convert
rename: file
rmdir: fetch/module fetch/git_since ssh_dir cmd/scratch
unlinkat: walk_remove state store store_lock store_lower store_remove
unlinkat: store_stage mirror cmd/download_dir
unlinkat: cache cache_clean cache_entry git/pack ssh_dir
renameat: store_commit store_lower store_remove walk_remove state state_journal
renameat: cache cache_entry mirror
renameat2: store_commit
symlinkat: tree store_stage
mkdir: store_lock cache fetch/module fetch/git_since cmd/init cmd/download_dir
mkdirat: tree store_stage store_lock store_lower store_commit cache cmd/init
mkdtemp: ssh_dir cmd/scratch cmd/bench
ftruncate: state_journal store_lock
futimens: cache_entry
fsync: below state file
syncfs sync: store_commit

# Processes.
fork: pool_slot proc proc_run sandbox
execvp: proc
execv: proc_run
dlopen dlsym: fetch_load
kill: proc proc_run
waitpid: proc proc_run sandbox signature_run
kill wait4: pool_slot
exit:
_exit: pool_slot proc proc_run sandbox worker buf
abort: ssh_command
prctl: pool_slot proc proc_run sandbox_linux sandbox_seccomp
syscall: sandbox_landlock
signal: main pool_slot proc proc_run
sigaction sigprocmask: pool_slot proc proc_run cmd/bench_run
sigprocmask: file
sigaction: cmd/scratch
raise: pool_slot main cmd/scratch
dup2: pool_slot proc install_worker
fchdir: fetch/module sandbox_openbsd signature
socket connect: fetch/git_daemon ssh_dir
getaddrinfo: fetch/git_daemon
socketpair: pool_slot ssh
sendmsg recvmsg: msg_fds
write: buf proc credential_helper fetch/git_ssh ui_text

# The screen is ui_text's; the commands' own texts are constants.
STREAM: main cmd/bench cmd/cache cmd/convert cmd/galaxy cmd/install cmd/prune
STREAM: cmd/install_verb cmd/run cmd/verb
puts: main cmd/galaxy
fputs: main cmd/bench cmd/cache cmd/convert cmd/galaxy cmd/install cmd/prune
fputs: cmd/install_verb cmd/run cmd/verb
fprintf: cmd/prune
fwrite: cmd/convert
ioctl: ui_live
isatty: ui_out cmd/prune

# The environment.
getenv: cache config config_file config_galaxy path path_expand http_trust
getenv: gitconfig_proxy gitconfig_settings fetch/config fetch/module
getenv: ssh_command ssh_dir ui_out cmd/scratch cmd/bench cmd/kennel
getenv: cmd/next signature_run
setenv: fetch/module cmd/next cmd/run
unsetenv: fetch/module cmd/next
putenv: proc
"""

# A call that needs a flag among its arguments.
FLAGGED = {
    "open openat": "O_CLOEXEC",
    "pipe2": "O_CLOEXEC",
    "socket socketpair accept4": "SOCK_CLOEXEC",
    "mkostemp": "O_CLOEXEC",
    "signalfd epoll_create1 memfd_create": "CLOEXEC",
}

TO_WRITE = r"\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\b"


def bare(text):
    """Comments and strings blanked, lines kept."""
    def blank(match):
        s = match.group(0)
        if s[0] == "/":
            return re.sub(r"[^\n]", " ", s)
        return '""' + "\n" * s.count("\n")
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'",
                  blank, text, flags=re.S)


def arguments(text, start):
    depth = 0
    for i in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return text[start:i + 1]
    return text[start:]


def table(text):
    """Calls -> files that may make them."""
    may = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        calls, files = line.split(":")
        for call in calls.split():
            may.setdefault(call, set()).update(files.split())
    return may


MAY = table(MAY)
NEVER = set(NEVER.split())
FLAGS = {call: flag for calls, flag in FLAGGED.items() for call in calls.split()}
KNOWN = NEVER | set(MAY) | set(FLAGS)


def kinds(text, call, at):
    """The rows of the table that a call stands under, and what it lacks."""
    if call not in FLAGS:
        return {call}, None
    said = arguments(text, at)
    # A variable that was given the flag counts as the flag.
    if re.search(r"\bflags\b", said):
        said += " ".join(re.findall(r"\bflags\s*\|?=[^;]*;", text))
    lacks = None if FLAGS[call] in said else FLAGS[call]
    if call in ("open", "openat"):
        return {"WRITE" if re.search(TO_WRITE, said) else "READ"}, lacks
    return {call}, lacks


def look(name, used):
    """What is wrong with a file, as lines."""
    with open(name, encoding="utf-8") as file:
        text = bare(file.read())
    stem = re.sub(r"^.*\bsrc/|\.[ch]$", "", name)

    def fault(at, what):
        return "%s:%d: %s" % (name, text.count("\n", 0, at) + 1, what)

    for match in re.finditer(r"(?<![\w.>])(\w+)\s*\(", text):
        call, at = match.group(1), match.end() - 1
        if call not in KNOWN:
            continue
        if call in NEVER:
            yield fault(match.start(), "%s() is never called" % call)
            continue
        rows, lacks = kinds(text, call, at)
        for row in rows:
            used.add((row, stem))
            if row in MAY and stem not in MAY[row]:
                yield fault(match.start(), "%s() has no place here%s" % (
                    call, " to " + row.lower() if row.isupper() else ""))
        # main opens what a closed stream shall be, for good.
        if lacks and stem != "main":
            yield fault(match.start(), "%s() without %s" % (call, lacks))
    for match in re.finditer(r"\b(stdout|stderr)\b", text):
        used.add(("STREAM", stem))
        if stem not in MAY["STREAM"]:
            yield fault(match.start(), match.group(1) + " has no place here")


def main():
    used, bad = set(), 0
    for name in sys.argv[1:]:
        for line in look(name, used):
            print(line)
            bad = 1
    for row, stems in MAY.items():
        for stem in sorted(stems - {s for r, s in used if r == row}):
            print("the table lets %s call %s, which it does not" % (stem, row))
            bad = 1
    return bad


sys.exit(main())
