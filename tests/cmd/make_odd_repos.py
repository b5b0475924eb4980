#!/usr/bin/env python3
"""make_odd_repos.py REPOS - bare repositories in which git archive has to think.

Prints a line "NAME VERSION" for each.  Every one holds a role; the oddities
are attributes at several levels, names, links, modes, line ends, tags.
"""
import os
import random
import subprocess
import sys

META = {"meta/main.yml": "galaxy_info: {}\ndependencies: []\n",
        "tasks/main.yml": "- debug: {msg: hello}\n"}
LF, CRLF, MIXED, CR = b"a\nb\nc\n", b"a\r\nb\r\nc\r\n", b"a\r\nb\nc\r\n", b"a\rb\r"
ENDINGS = {"lf.txt": LF, "crlf.txt": CRLF, "mixed.txt": MIXED, "cr.txt": CR,
           "none.txt": b"no end", "empty.txt": b"", "newline.txt": b"\n",
           "binary.bin": b"\0\1\2\r\n\xff\n", "utf8.txt": "é\nö\n".encode(),
           "sub/lf.txt": LF, "sub/crlf.txt": CRLF, "sub/deep/mixed.txt": MIXED,
           "lone.txt": b"a\r\nb\rc\r\n", "eof.txt": b"text\n\x1a"}
FORMATS = ["H", "h", "T", "t", "P", "p", "an", "ae", "al", "ad", "aD", "at", "ai", "aI", "as",
           "cn", "ce", "cl", "cd", "cD", "ct", "ci", "cI", "cs", "s", "f", "b", "B", "e", "n",
           "%", "x41", "x0a", "zz", ""]
random.seed("odd")


def q(path):
    """A path as fast-import reads it."""
    if isinstance(path, str):
        path = path.encode()
    return b'"' + b"".join(
        b"\\%03o" % c if c < 33 or c > 126 or c in b'"\\' else bytes([c]) for c in path) + b'"'


def data(text):
    if isinstance(text, str):
        text = text.encode()
    return b"data %d\n%s\n" % (len(text), text)


class Repo:
    """Files are path -> content, or (mode, content)."""

    def __init__(self, top, name):
        self.path = os.path.join(top, name + ".git")
        self.git("init", "-q", "--bare", "-b", "main", self.path, where=".")

    def git(self, *args, where=None, input=None):
        p = subprocess.run(["git", "-C", where or self.path, *args], input=input,
                           check=True, stdout=subprocess.PIPE)
        return p.stdout.decode().strip()

    def commit(self, files, message="A subject\n\nand a body\n", ref="refs/heads/main",
               author=b"A Tester <tester@example.org> 1700000000 +0130", encoding=None):
        out = [b"commit %s\n" % ref.encode(), b"author " + author + b"\n",
               b"committer C Ommitter <c@example.org> 1700003600 -0800\n"]
        if encoding:
            out.append(b"encoding %s\n" % encoding)
        out += [data(message), b"deleteall\n"]
        for path, content in {**META, **files}.items():
            mode = b"100644"
            if isinstance(content, tuple):
                mode, content = content
            if mode == b"160000":
                out.append(b"M 160000 %s %s\n" % (content, q(path)))
            else:
                out += [b"M %s inline %s\n" % (mode, q(path)), data(content)]
        self.git("fast-import", "--quiet", "--force", input=b"".join(out))


def attributes(text, extra=None, **kw):
    def make(r):
        r.commit({".gitattributes": text, **ENDINGS, **(extra or {})}, **kw)
    return make


def plain(r):
    r.commit({"README.md": "# a role\n", "files/run.sh": (b"100755", "#!/bin/sh\n")})


def ignore_levels(r):
    r.commit({
        ".gitattributes": "*.md export-ignore\n/docs/ export-ignore\ntests export-ignore\n",
        "README.md": "x", "docs/a": "x", "sub/docs/a": "x", "tests/a": "x", "a/tests/b": "x",
        "sub/.gitattributes": "*.md -export-ignore\nsecret export-ignore\n",
        "sub/kept.md": "x", "sub/secret": "x", "sub/deeper/secret": "x", "secret": "x",
        "sub/deeper/.gitattributes": "secret !export-ignore\nother export-ignore\n",
        "sub/deeper/other": "x", "sub/deeper/gone.md": "x"})


def ignore_self(r):
    r.commit({".gitattributes": ".gitattributes export-ignore\n.gitignore export-ignore\n"
              ".github/ export-ignore\n", ".gitignore": "x\n", ".github/workflows/ci.yml": "x",
              "sub/.gitattributes": "x -export-ignore\n", "only/x": "x"})


def ignore_all_of_a_directory(r):
    r.commit({".gitattributes": "gone/* export-ignore\nhalf/a export-ignore\n"
              "nest/** export-ignore\n", "gone/a": "x", "gone/b": "x", "half/a": "x",
              "half/b": "x", "nest/a/b/c": "x", "nest/d": "x"})


def patterns(r):
    lines = ["*.[ch] export-ignore", "**/cache export-ignore", "/root-only export-ignore",
             "a/**/z export-ignore", "b/*/z export-ignore", "w?y export-ignore",
             '"with space" export-ignore', r"star\* export-ignore", "!neg export-ignore",
             "[!x]yz export-ignore", "[[:digit:]]d export-ignore", "trail/ export-ignore",
             "dir/file export-ignore", "# comment export-ignore", "", "   indented export-ignore",
             "tab\texport-ignore", "UPPER export-ignore", "two export-ignore -export-ignore",
             "unset export-ignore", "unset !export-ignore", "\\!bang export-ignore", "**x export-ignore",
             "deep/** export-ignore", "deep/keep -export-ignore", "[a-c]r export-ignore"]
    paths = ["f.c", "f.h", "f.o", "x/cache/y", "cache", "root-only", "x/root-only", "a/z", "a/b/z",
             "a/b/c/z", "b/z", "b/c/z", "b/c/d/z", "way", "wy", "waay", "with space", "x/with space",
             "star*", "starx", "neg", "!neg", "ayz", "xyz", "1d", "ad", "trail", "x/trail/y", "dir/file",
             "x/dir/file", "indented", "tab", "upper", "UPPER", "two", "unset", "!bang", "ax", "b/ax",
             "deep/keep", "deep/x/y", "br", "dr"]
    r.commit({".gitattributes": "\n".join(lines) + "\n", **{p: "x" for p in paths}})


def macros(r):
    r.commit({".gitattributes": "[attr]dist export-ignore\n[attr]both dist eol=crlf text\n"
              "a dist\nb both\nc both -dist\nd dist\nd -export-ignore\ne binary\n*.txt text eol=crlf\n"
              "bin.txt binary\n",
              "sub/.gitattributes": "[attr]dist -export-ignore\nf dist\n",
              **{p: LF for p in ("a", "b", "c", "d", "e", "bin.txt", "t.txt", "sub/f", "sub/a")}})


def attribute_file_oddities(r):
    r.commit({".gitattributes": "\ufeff*.txt eol=crlf\r\n*.md export-ignore\r\n\r\n# x\r\n*.o export-ignore",
              "a.txt": LF, "a.md": "x", "a.o": "x",
              "long/.gitattributes": "x" * 3000 + " export-ignore\n*.z export-ignore\n", "long/a.z": "x"})


def attributes_not_files(r):
    r.commit({".gitattributes": (b"120000", b"elsewhere"), "elsewhere": "*.md export-ignore\n",
              "a.md": "x", "sub/.gitattributes/inner": "*.md export-ignore\n", "sub/b.md": "x"})


def subst(r):
    formats = "".join("%s=$Format:%%%s$\n" % (f, f) for f in FORMATS)
    r.commit({"x": "before"}, message="parent\n")
    r.commit({".gitattributes": "version* export-subst\nplain -export-subst\n", "version": formats,
              "version2": "$Format:%H$$Format:%h$ $Format:$ $Format $Format: $format:%H$ $Format:%H\n$ end $Format:%s",
              "version.bin": b"\0$Format:%H$\0", "plain": "$Format:%H$\n", "sub/version": "$Format:%H %% %an <%ae>$"},
             message="Fix: the  odd/subject -- v1.0.lock!\nsecond line of it\n\nBody one\n\nBody two\n",
             author="Ä. Üthor <ü@example.org> 1234567890 +0545".encode())


def subst_latin1(r):
    r.commit({".gitattributes": "v export-subst\n", "v": "$Format:%an|%s|%b|%e$\n"},
             message=b"caf\xe9\n\nb\xf6dy\n", author=b"J\xf6rg <j@example.org> 1 +0000", encoding=b"ISO-8859-1")


def subst_empty_message(r):
    r.commit({".gitattributes": "v export-subst\n", "v": "[$Format:%s$][$Format:%b$][$Format:%B$][$Format:%f$]\n"}, message="")


def subst_and_ends(r):
    r.commit({".gitattributes": "v export-subst text eol=crlf ident\n", "v": "$Format:%h%n%s$\n$Id$\nx\n"})


def ident(r):
    r.commit({".gitattributes": "*.c ident\nsub/*.c -ident\n", "a.c": "$Id$ $Id: old$ $Id: a b $ $Id\n$Id:x\n$ $ID$ $Id$",
              "b.c": b"\0$Id$", "sub/a.c": "$Id$", "c.txt": "$Id$", "d.c": "$Id: $\n$Id:$\r\n$$Id$$\n"})


def links(r):
    link = lambda t: (b"120000", t)
    r.commit({"to-file": link("tasks/main.yml"), "to-dir": link("tasks"), "self": link("self"), "dot": link("."),
              "dangling": link("no/such"), "sub/up": link("../tasks/main.yml"), "sub/deep/upup": link("../../tasks"),
              "odd": link("a b\u00e9"), "handlers": link("./tasks"), "sub/noise": link("..//tasks/./main.yml"),
              "eol.txt": link("tasks"), ".gitattributes": "* text eol=crlf ident export-subst\n",
              "slash": link("tasks/")})


def names(r):
    odd = ["a b", " lead", "'quote'", '"double"', "$HOME", "~user", "-dash", "--help", "*", "?", "[a]", "#hash",
           "é", "日本語", "e\u0301", b"latin1-\xe9", b"\xff\xfe", "x" * 255, "...", "..a", ".hidden", "a.", "b ", "c,d",
           "semi;colon", "pipe|", "%41", "a=b", "@{u}", "git", ".gitignore", ".gitmodules2", "CON", "nul.txt", "a~2", "a:b"]
    r.commit({**{(b"files/" + (n if isinstance(n, bytes) else n.encode())).decode("utf-8", "surrogateescape").encode(
        "utf-8", "surrogateescape"): "x" for n in odd}, "-top": "x", "dir with blank/file": "x"})


def modes(r):
    r.commit({"x.sh": (b"100755", "#!/bin/sh\n"), "plain": "x", "empty": "", "empty.sh": (b"100755", ""),
              "one": "\n", "big": random.randbytes(1500000), "text": "line\n" * 50000})


def submodule(r):
    r.commit({".gitmodules": '[submodule "a"]\n\tpath = a\n\turl = https://example.org/a.git\n',
              "a": (b"160000", b"1" * 40), "sub/b": (b"160000", b"2" * 40),
              ".gitattributes": "gone export-ignore\n", "gone": (b"160000", b"3" * 40)})


def many_files(r):
    r.commit({"d%d/e%d/f%d.txt" % (i % 7, i % 31, i): "file %d\n" % i for i in range(600)})


def deep(r):
    r.commit({"/".join("d%d" % i for i in range(25)) + "/file": "x"})


def empty_trees(r):
    r.commit({"x": "y"})
    empty = r.git("mktree", input=b"")
    inner = r.git("mktree", input=b"040000 tree %s\tb\n" % empty.encode())
    old = r.git("ls-tree", "main").encode()
    tree = r.git("mktree", input=old + b"\n040000 tree %s\tnothing\n040000 tree %s\ta\n" % (empty.encode(), inner.encode()))
    r.git("update-ref", "refs/heads/main", r.git("commit-tree", "-m", "x", tree))


def tag_of_tag(r):
    r.commit({"which": "tagged"})
    r.git("tag", "-a", "-m", "first", "inner", "main")
    r.git("-c", "advice.nestedTag=false", "tag", "-a", "-m", "second", "middle", "inner")
    r.git("-c", "advice.nestedTag=false", "tag", "-a", "-m", "third", "v1", "middle")
    r.commit({"which": "later"})


def annotated(r):
    r.commit({"which": "tagged", ".gitattributes": "v export-subst\n", "v": "$Format:%H %s$\n"})
    r.git("tag", "-a", "-m", "the tag's own words", "v1", "main")
    r.commit({"which": "later"})


def tag_and_branch(r):
    r.commit({"which": "tag"})
    r.git("tag", "v1", "main")
    r.commit({"which": "branch"}, ref="refs/heads/v1")
    r.commit({"which": "main"})


def encoding(r):
    r.commit({".gitattributes": "a.txt filter=lfs diff=lfs merge=lfs -text\nb.txt filter=nosuch text eol=crlf\n",
              "a.txt": "version https://git-lfs.example.org/spec/v1\noid sha256:00\nsize 1\n", "b.txt": LF})


ODD = {
    "plain": plain,
    "ignore-levels": ignore_levels,
    "ignore-self": ignore_self,
    "ignore-all-of-a-directory": ignore_all_of_a_directory,
    "patterns": patterns,
    "macros": macros,
    "attribute-file-oddities": attribute_file_oddities,
    "attributes-not-files": attributes_not_files,
    "ends-crlf": attributes("* text eol=crlf\n"),
    "ends-lf": attributes("* text eol=lf\n"),
    "ends-auto": attributes("* text=auto\n"),
    "ends-auto-crlf": attributes("* text=auto eol=crlf\n"),
    "ends-only-eol": attributes("*.txt eol=crlf\n*.bin eol=lf\n"),
    "ends-unset": attributes("* text eol=crlf\n*.bin -text\nsub/* !text\nsub/*.txt !eol\n"),
    "ends-levels": attributes("*.txt text eol=crlf\n", {"sub/.gitattributes": "lf.txt eol=lf\n",
                                                       "sub/deep/.gitattributes": "* -text\n"}),
    "ends-binary": attributes("* text=auto eol=crlf\n*.txt binary\n"),
    "ends-old-crlf": attributes("*.txt crlf\nsub/*.txt -crlf\nlf.txt crlf=input\ncrlf.txt eol=crlf\n"),
    "ends-odd-values": attributes("*.txt text=foo eol=cr\nsub/* text=auto eol=native\n"),
    "ends-none": attributes(""),
    "subst": subst,
    "subst-latin1": subst_latin1,
    "subst-empty-message": subst_empty_message,
    "subst-and-ends": subst_and_ends,
    "ident": ident,
    "links": links,
    "names": names,
    "modes": modes,
    "submodule": submodule,
    "many-files": many_files,
    "deep": deep,
    "empty-trees": empty_trees,
    "tag-of-tag": tag_of_tag,
    "annotated": annotated,
    "tag-and-branch": tag_and_branch,
    "filters": encoding,
}


def main():
    for name, make in ODD.items():
        repo = Repo(sys.argv[1], name)
        make(repo)
        tagged = repo.git("tag", "-l", "v1")
        print(name, "v1" if tagged else "main")


main()
