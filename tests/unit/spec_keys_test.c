#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/spec.h"
#include "spec_told.h"
#include "work_dir.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define UPPER "0123456789ABCDEF0123456789ABCDEF01234567"
#define OTHER "89abcdef0123456789abcdef0123456789abcdef"
#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define UPPER_SUM \
	"0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"

static void
a_role_may_lie_inside_its_source(void)
{
	static const struct row row[] = {
	    {"- {src: 'https://h/m.git', path: roles/x}",
		"x https://h/m.git - git map path=roles/x\n"},
	    {"- {src: 'https://h/m.tar.gz', path: ./roles//x/, name: nm}",
		"nm https://h/m.tar.gz - map path=roles/x\n"},
	    {"- {src: 'https://h/m.git', path: .}",
		"m https://h/m.git - git map\n"},
	    {"- {src: 'https://h/m.git', path: ''}",
		"m https://h/m.git - git map\n"},
	    {"- {src: 'https://h/m.git', path: }",
		"m https://h/m.git - git map\n"},
	    {"- {src: 'https://h/m.git', path: /etc}",
		"! r.yml:1:34: path '/etc' begins with '/': it is relative to "
		"the source's root\n"},
	    {"- {src: 'https://h/m.git', path: roles/../x}",
		"! r.yml:1:34: the path has '..' in it, which no role may "
		"have\n"},
	    {"- {src: 'https://h/m.git', path: .git/x}",
		"! r.yml:1:34: the path has '.git' in it, which no role may "
		"have\n"},
	    {"- {src: 'https://h/m.git', path: 'a\\b'}",
		"a\\b https://h/m.git - git map path=a\\b\n"},
	    {"- {src: 'https://h/m.git', path: 'a\\.git'}",
		"! r.yml:1:34: the path has 'a\\.git' in it, which no role may "
		"have\n"},
	    {"- {src: 'https://h/m.git', path: [a]}",
		"! r.yml:1:34: 'path' must be text, found a list\n"},
	    {"- {src: 'https://h/m.git', path: roles/.x}",
		"! r.yml:1:34: bad role name '.x': a part begins with '-' or "
		"'.'\n"},
	    {"- {src: me.role, path: x}",
		"! r.yml:1:24: 'path' needs the URL or path of an archive or a "
		"git repository in 'src'\n"},
	};

	ROWS(parse, row);
}

static void
a_path_has_an_end(void)
{
	struct buf b = {0};
	char *got;
	int i;

	buf_puts(&b, "- {src: 'https://h/m.git', name: m, path: ");
	for (i = 0; i < 127; i++)
		buf_puts(&b, "a/");
	buf_puts(&b, "b");
	buf_puts(&b, "}");
	got = parse(b.data);
	CHECK(strncmp(got, "m https://h/m.git - git map path=a/a/", 37) == 0);
	free(got);
	b.len -= 1;
	buf_puts(&b, "b}");
	got = parse(b.data);
	CHECK_STR(got, "! r.yml:1:43: the path is longer than 255 bytes\n");
	free(got);
	buf_free(&b);
}

static void
archives_have_checksums(void)
{
	static const struct row row[] = {
	    {"- {src: 'https://h/r.tar.gz', checksum: 'sha256:" SUM "'}",
		"r https://h/r.tar.gz - map checksum=" SUM "\n"},
	    {"- {src: /r.tar.gz, checksum: 'SHA256:" UPPER_SUM "'}",
		"r /r.tar.gz - map checksum=" SUM "\n"},
	    {"- {src: /r.tar.gz, checksum: }", "r /r.tar.gz - map\n"},
	    {"- {src: /r.tar.gz, checksum: '" SUM "'}",
		"! r.yml:1:30: 'checksum' must be 'sha256:' and 64 hex digits: "
		"no other algorithm is taken\n"},
	    {"- {src: /r.tar.gz, checksum: 'md5:" COMMIT "'}",
		"! r.yml:1:30: 'checksum' must be 'sha256:' and 64 hex digits: "
		"no other algorithm is taken\n"},
	    {"- {src: /r.tar.gz, checksum: ''}",
		"! r.yml:1:30: 'checksum' must be 'sha256:' and 64 hex digits: "
		"no other algorithm is taken\n"},
	    {"- {src: /r.tar.gz, checksum: 'sha256:" COMMIT "'}",
		"! r.yml:1:30: behind 'sha256:' there must be 64 hex digits\n"},
	    {"- {src: 'https://h/r.git', checksum: 'sha256:" SUM "'}",
		"! r.yml:1:38: 'checksum' is for archives: for a git source "
		"write 'commit'\n"},
	    {"- {src: me.role, checksum: 'sha256:" SUM "'}",
		"! r.yml:1:28: 'checksum' needs the URL or path of an archive "
		"in 'src'\n"},
	};

	ROWS(parse, row);
}

static void
git_sources_have_commits(void)
{
	static const struct row row[] = {
	    {"- {src: 'https://h/r.git', version: v1, commit: " COMMIT "}",
		"r https://h/r.git v1 git map commit=" COMMIT "\n"},
	    {"- {src: 'https://h/r.git', commit: " UPPER "}",
		"r https://h/r.git - git map commit=" COMMIT "\n"},
	    {"- {src: 'https://h/r.git', version: " UPPER ", commit: " COMMIT
	     "}",
		"r https://h/r.git " COMMIT " git map commit=" COMMIT "\n"},
	    {"- {src: 'https://h/r.git', version: " OTHER ", commit: " COMMIT
	     "}",
		"! r.yml:1:87: 'commit' and 'version' are two commits\n"},
	    {"- {src: 'https://h/r.git', commit: 12345}",
		"! r.yml:1:36: 'commit' must be the 40 hex digits of a commit "
		"id\n"},
	    {"- {src: 'https://h/r.git', commit: ''}",
		"! r.yml:1:36: 'commit' must be the 40 hex digits of a commit "
		"id\n"},
	    {"- {src: 'https://h/r.tar.gz', commit: " COMMIT "}",
		"! r.yml:1:39: 'commit' is for git sources: for an archive "
		"write 'checksum'\n"},
	    {"- {src: me.role, commit: " COMMIT "}",
		"! r.yml:1:26: 'commit' needs the URL of a git repository in "
		"'src'\n"},
	};

	ROWS(parse, row);
}

static void
directories_are_copied_or_linked_to(void)
{
	static const struct row row[] = {
	    {"- fs+/srv/r", "r /srv/r - dir\n"},
	    {"- fs+/srv/r,,nm", "nm /srv/r - dir map\n"},
	    {"- src: fs+/srv/r.git/", "r /srv/r.git - dir map\n"},
	    {"- {src: /srv/r, type: dir}", "r /srv/r - dir map\n"},
	    {"- {src: /srv/r, type: link}", "r /srv/r - link map\n"},
	    {"- {src: fs+/srv/r, type: link}", "r /srv/r - dir link map\n"},
	    {"- {src: /srv/m, path: roles/x, type: link}",
		"x /srv/m/roles/x - link map\n"},
	    {"- {src: fs+/srv/m, path: roles/x/, name: nm, version: ''}",
		"nm /srv/m/roles/x - dir map\n"},
	    {"- {src: /srv/r, type: }", "r /srv/r - map\n"},
	    {"- {src: /srv/r, type: git}", "r /srv/r - git map\n"},
	    {"- {src: /srv/r, type: file}",
		"r /srv/r - map\n"
		"? r.yml:1:23: unknown type 'file' is ignored\n"},
	    {"- fs+/srv/r,v1",
		"! r.yml:1:3: a directory has no versions: leave 'version' "
		"out\n"},
	    {"- {src: fs+/srv/r, version: v1, commit: " COMMIT
	     ", checksum: 'sha256:" SUM "'}",
		"! r.yml:1:29: a directory has no versions: leave 'version' "
		"out\n"
		"! r.yml:1:93: a directory has no checksum: 'checksum' is for "
		"archives\n"
		"! r.yml:1:41: a directory has no commits: 'commit' is for git "
		"sources\n"},
	    {"- {src: fs+/srv/r, scm: git}",
		"! r.yml:1:9: 'fs+' is for a directory, not for a git "
		"repository\n"},
	    {"- {src: git+/srv/r, type: link}",
		"! r.yml:1:9: 'type: link' is for a directory, not for a git "
		"repository\n"},
	    {"- fs+file:///srv/r",
		"! r.yml:1:3: 'fs+' needs a path, not a URL\n"},
	    {"- {src: 'https://h/r', type: dir}",
		"! r.yml:1:9: 'type: dir' needs a path, not a URL\n"},
	};

	ROWS(parse, row);
}

static void
the_same_role_in_other_ways(void)
{
	static const struct row row[] = {
	    {"- {src: 'https://h/m.git', path: a/x}\n"
	     "- {src: 'https://h/m.git', path: b/x}\n",
		"x https://h/m.git - git map path=a/x\n"
		"x https://h/m.git - git map path=b/x\n"
		"! r.yml:2:3: role 'x' is asked for twice: from 'b/x' in git "
		"'https://h/m.git' here, from 'a/x' in git 'https://h/m.git' "
		"in r.yml:1:3\n"},
	    {"- fs+/srv/r\n- {src: /srv/r, type: link}\n",
		"r /srv/r - dir\nr /srv/r - link map\n"
		"! r.yml:2:3: role 'r' is asked for twice: from link '/srv/r' "
		"here, from directory '/srv/r' in r.yml:1:3\n"},
	    {"- {src: /r.git, commit: " COMMIT "}\n"
	     "- {src: /r.git, commit: " OTHER "}\n",
		"r /r.git - git map commit=" COMMIT "\n"
		"r /r.git - git map commit=" OTHER "\n"
		"! r.yml:2:3: role 'r' is asked for twice: one commit or "
		"checksum here, another in r.yml:1:3\n"},
	    {"- {src: /r.git, commit: " COMMIT "}\n"
	     "- {src: /r.git, commit: " UPPER "}\n",
		"r /r.git - git map commit=" COMMIT "\n"},
	};

	ROWS(parse, row);
}

static void
an_archive_beside_the_file_has_any_name(void)
{
	char *want;
	struct specs s = {0};
	struct faults f = {0};

	if (open_work_dir() == -1) {
		CHECK(false);
		return;
	}
	specs_add(&s, "x.tar,,nm", &f);
	CHECK(s.n == 1 && f.n == 0);
	CHECK_STR(s.v[0].src, "x.tar");
	(void)fclose(fopen("x.tar", "w"));
	specs_add(&s, "x.tar,,nm", &f);
	specs_add(&s, "x.tar", &f);
	CHECK(s.n == 3 && f.n == 0);
	want = with_top("TOP/x.tar");
	CHECK_STR(s.v[1].src, want);
	CHECK_STR(s.v[1].name, "nm");
	CHECK_STR(s.v[2].src, want);
	CHECK_STR(s.v[2].name, "x");
	specs_free(&s);
	free(want);
	CHECK(unlink("x.tar") == 0 && close_work_dir() == 0);
}

int
main(void)
{
	RUN(a_role_may_lie_inside_its_source);
	RUN(a_path_has_an_end);
	RUN(archives_have_checksums);
	RUN(git_sources_have_commits);
	RUN(directories_are_copied_or_linked_to);
	RUN(the_same_role_in_other_ways);
	RUN(an_archive_beside_the_file_has_any_name);
	return check_done();
}
