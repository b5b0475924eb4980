"""Files that are no archives fail."""
MARK = "="
VARIANTS = {"text": "- {src: @files@/text, name: nm}\n",
            "empty": "- {src: @files@/empty, name: nm}\n",
            "zeros": "- {src: @files@/zeros, name: nm}\n"}


def fixtures(f):
    f.file("text", "no archive\n")
    f.file("empty", "")
    f.file("zeros", bytes(10240))


def both(s, r):
    r.exits(1).says("archive|meta/main")
    s.has()
