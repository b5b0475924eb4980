"""export-ignore, export-subst and line endings of .gitattributes count."""
from fixtures import role_files

MARK = "="
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"


def fixtures(f):
    f.repo("simple", {"tag": "v1", "files": role_files(
        "simple", "v1", files={
            ".gitattributes": "tests export-ignore\n"
                              "*.md export-ignore\n"
                              "id.txt export-subst\n"
                              "*.bat text eol=crlf\n",
            ".gitignore": "*.retry\n",
            "README.md": "read me\n",
            "tests/test.yml": "- hosts: all\n",
            "files/run.bat": "one\ntwo\n",
            "files/id.txt": "$Format:%H %s$\n"})})


def both(s, r):
    r.exits(0)
    s.absent("roles/simple/tests", "roles/simple/README.md")
    s.there("roles/simple/.gitignore")
    s.contains("roles/simple/files/run.bat", "one\r\ntwo\r\n")
    s.contains("roles/simple/files/id.txt",
               s.fixtures.commit_of("simple", "v1") + " c\n")
