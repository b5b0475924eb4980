"""insteadOf, ssh commands and helpers of git's configuration."""
MARK = "?"
WHY = "they are heeded as git heeds them"
VARIANTS = {
    "insteadOf": "- {src: git+https://git.example.org/r.git}\n",
    "ssh command": "- {src: git+ssh://git@git.example.org@repos@/r.git}\n",
    "helper": "- {src: git+@git@/r.git}\n"}
SSH = """\
#!/bin/sh
for command; do :; done
exec sh -c "$command"
"""


def fixtures(f):
    f.role("r.git", "v1", says="r")
    f.git_serve("--basic", "somebody:secret")


def ask(s):
    changes = {}
    if s.variant == "insteadOf":
        s.write("../home/.gitconfig", '[url "file://@repos@/"]\n'
                "\tinsteadOf = https://git.example.org/\n")
    elif s.variant == "helper":
        s.write("../home/.gitconfig", '[credential]\n\thelper = "!'
                'echo username=somebody; echo password=secret; :"\n')
    else:
        s.write("../home/ssh", SSH, 0o755)
        changes = {"GIT_SSH_COMMAND": "@home@/ssh",
                   "GIT_SSH_VARIANT": "simple"}
    return s.install(VARIANTS[s.variant], **changes)


def both(s, r):
    r.exits(0)
    s.has("r").holds("r", "main")
