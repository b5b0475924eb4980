/*
 * Which role an archive holds and what is written of it.  Archives are made
 * here block by block: POSIX.1-2001, "ustar Interchange Format".
 */
#include <sys/socket.h>

#include <sys/mman.h>

#include <sha2.h>
#include <time.h>
#include <zlib.h>

#include "fetch/archive.h"
#include "fetch/archive_unpack.h"
#include "fetch/git.h"
#include "kelpie/tree.h"
#include "listing.h"

#define BLOCK 512
#define ARCHIVE(b) ((b)->data), ((b)->len)

/* ---- an archive ---- */

static void /* NOLINTNEXTLINE(readability-function-size): six */
put(struct buf *b, const char *name, char type, unsigned mode, const char *to,
    const char *data)
{
	char head[BLOCK + 1] = {0};
	static const char zeros[BLOCK];
	size_t len = strlen(data);
	unsigned sum = 0;

	(void)snprintf(head, 100, "%s", name);
	(void)snprintf(head + 100, 8, "%07o", mode);
	(void)snprintf(head + 124, 12, "%011o", (unsigned)len & 0xffff);
	(void)snprintf(head + 136, 12, "%011o", 0u);
	memset(head + 148, ' ', 8);
	head[156] = type;
	(void)snprintf(head + 157, 100, "%s", to);
	memcpy(head + 257, "ustar\00000", 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)head[i];
	(void)snprintf(head + 148, 8, "%06o", sum);
	buf_add(b, head, BLOCK);
	buf_add(b, data, len);
	buf_add(b, zeros, (BLOCK - len % BLOCK) % BLOCK);
}

static void
put_file(struct buf *b, const char *name, const char *data)
{
	put(b, name, '0', 0644, "", data);
}

static void
put_dir(struct buf *b, const char *name)
{
	put(b, name, '5', 0755, "", "");
}

static void
put_link(struct buf *b, const char *name, const char *to)
{
	put(b, name, '2', 0777, to, "");
}

static void
put_hard(struct buf *b, const char *name, const char *to)
{
	put(b, name, '1', 0644, to, "");
}

static void
put_end(struct buf *b)
{
	static const char zeros[2 * BLOCK];

	buf_add(b, zeros, sizeof(zeros));
}

/* A role in directory p, and what more follows. */
static void
put_role(struct buf *b)
{
	put_file(b, "p/meta/main.yml", "m");
}

static void
compress_it(struct buf *out, const struct buf *in)
{
	unsigned char room[8192];
	z_stream z = {0};

	CHECK(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8,
		  Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (unsigned char *)in->data;
	z.avail_in = (uInt)in->len;
	z.next_out = room;
	z.avail_out = sizeof(room);
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	buf_add(out, room, sizeof(room) - z.avail_out);
	(void)deflateEnd(&z);
}

/* ---- where it goes ---- */

static char dir[64];
static int top = -1;
static struct limits limits;
static struct error err;
static struct buf notes, written;
static const char *path = "";

static void
begin(void)
{
	static const struct limits defaults = LIMITS_DEFAULT;
	const char *tmp = getenv("TMPDIR");

	limits = defaults;
	path = "";
	(void)snprintf(dir, sizeof(dir), "%.40s/archive.XXXXXX",
	    tmp != NULL && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		abort();
	top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
end(void)
{
	(void)close(top);
	remove_all(AT_FDCWD, dir);
	buf_free(&notes);
	buf_free(&written);
}

static void
on_note(void *ctx, const char *line)
{
	(void)ctx;
	buf_printf(&notes, "%s\n", line);
}

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	CHECK(total == 0 || done <= total);
}

/* Unpack so many bytes; written is what came of it. */
static int
unpack(const char *data, size_t len)
{
	struct unpack u = {.path = path,
	    .limits = &limits,
	    .progress = on_progress,
	    .note = on_note};
	int rc;

	remove_all(top, "role");
	CHECK(mkdirat(top, "role", 0755) == 0);
	u.dirfd = openat(top, "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	u.fd = memfd_create("archive", MFD_CLOEXEC);
	CHECK(write_fully(u.fd, data, len) == 0);
	err = (struct error){.kind = ERR_NONE};
	buf_clear(&notes);
	buf_puts(&notes, "");
	rc = archive_unpack(&u, &err);
	CHECK((rc == -1) == (err.kind != ERR_NONE));
	buf_clear(&written);
	buf_puts(&written, "");
	list(&written, u.dirfd, ".");
	(void)close(u.dirfd);
	(void)close(u.fd);
	return rc;
}

/* Close the archive, and have it unpacked. */
static void
taken(struct buf *b, const char *want)
{
	put_end(b);
	CHECK(unpack(ARCHIVE(b)) == 0);
	CHECK_STR(err.msg, "");
	CHECK_STR(written.data, want);
	buf_free(b);
}

static void
refused(struct buf *b, enum error_kind kind, const char *words)
{
	put_end(b);
	CHECK(unpack(ARCHIVE(b)) == -1);
	CHECK(err.kind == kind);
	CHECK_HAS(err.msg, words);
	buf_free(b);
}

/* ---- which role ---- */

static void
the_shallowest_meta_makes_the_role(void)
{
	struct buf b = {0};

	begin();
	put_file(&b, "p/roles/in/meta/main.yml", "in");
	put_file(&b, "p/meta/main.yml.orig", "{{{");
	put_file(&b, "p/xmeta/main.yml", "{{{");
	put_file(&b, "./p//meta/./main.yaml", "m");
	put_file(&b, "beside", "left out");
	taken(&b,
	    "meta/\nmain.yaml: m\nmain.yml.orig: {{{\n"
	    "roles/\nin/\nmeta/\nmain.yml: in\nxmeta/\nmain.yml: {{{\n");
	CHECK_STR(notes.data, "'p' is the role; left out beside it: 1\n");
	put_file(&b, "meta/main.yml", "m");
	put_file(&b, "roles/in/meta/main.yml", "in");
	taken(&b, "meta/\nmain.yml: m\nroles/\nin/\nmeta/\nmain.yml: in\n");
	end();
}

static void
without_meta_there_is_no_role(void)
{
	struct buf b = {0};

	begin();
	put_dir(&b, "p/meta/main.yml");
	put_file(&b, "p/meta/main.yml.x", "");
	refused(&b, ERR_NOTFOUND, "this is no role: it has no meta/main.yml");
	refused(&b, ERR_NOTFOUND, "nothing in the archive");
	end();
}

static void
one_of_several_roles_needs_a_path(void)
{
	struct buf b = {0};

	begin();
	put_file(&b, "p/c/meta/main.yml", "c");
	put_file(&b, "p/b/meta/main.yml", "b");
	put_file(&b, "p/b/meta/main.yaml", "b");
	put_file(&b, "p/a/meta/main.yml", "a");
	refused(&b, ERR_NOTFOUND, "'a' and 'b'; 'path: a'");
	/* Twice the same is one. */
	put_file(&b, "p/meta/main.yml", "1");
	put_file(&b, "p/meta/main.yml", "2");
	taken(&b, "meta/\nmain.yml: 2\n");
	/* Roles for somebody's own use, and the same alone. */
	put_file(&b, "p/roles/a/meta/main.yml", "a");
	put_file(&b, "p/README", "");
	refused(&b, ERR_NOTFOUND, "'path: roles/a'");
	put_dir(&b, "p");
	put_file(&b, "p/roles/a/meta/main.yml", "a");
	taken(&b, "meta/\nmain.yml: a\n");
	put_file(&b, "p/xroles/a/meta/main.yml", "a");
	put_file(&b, "p/README", "");
	taken(&b, "meta/\nmain.yml: a\n");
	end();
}

static void
a_path_begins_below_the_top_directory(void)
{
	struct buf b = {0};

	begin();
	path = "roles/a";
	put_file(&b, "p/meta/main.yml", "p");
	put_file(&b, "p/roles/a/meta/main.yml", "a");
	put_file(&b, "p/roles/ab", "no");
	taken(&b, "meta/\nmain.yml: a\n");
	put_file(&b, "x", "");
	put_file(&b, "roles/a/f", "a");
	taken(&b, "f: a\n");
	path = "p/a";
	put_file(&b, "p/a/f", "a");
	taken(&b, "f: a\n");
	path = "f";
	put_file(&b, "p/a/f", "a");
	refused(&b, ERR_NOTFOUND, "no directory 'f' in the archive");
	path = "p/a/f";
	put_file(&b, "p/a/f", "a");
	refused(&b, ERR_NOTFOUND, "no directory 'p/a/f' in the archive");
	end();
}

/* ---- what of it ---- */

static void
of_two_with_one_name_the_last_counts(void)
{
	struct buf b = {0};

	begin();
	put_role(&b);
	put(&b, "p/f", '0', 0755, "", "first");
	put_file(&b, "p/f", "last");
	put_dir(&b, "p/d");
	put_dir(&b, "p/d/");
	put_link(&b, "p/l", "f");
	put_link(&b, "p/l", "d");
	taken(&b, "d/\nf: last\nl -> d\nmeta/\nmain.yml: m\n");
	/* Unless they are of two kinds. */
	put_role(&b);
	put_link(&b, "p/f", "meta");
	put_file(&b, "p/f", "");
	refused(&b, ERR_INTEGRITY, "'p/f' is in the archive twice");
	put_role(&b);
	put_file(&b, "p/f", "");
	put_dir(&b, "p/f");
	refused(&b, ERR_INTEGRITY, "twice");
	/* Outside of the role nobody cares. */
	put_role(&b);
	put_link(&b, "f", "meta");
	put_file(&b, "f", "");
	taken(&b, "meta/\nmain.yml: m\n");
	end();
}

static void
a_hard_link_is_a_copy_of_what_came_before(void)
{
	struct buf b = {0};

	begin();
	put_role(&b);
	put(&b, "p/f", '0', 0755, "", "first");
	put_hard(&b, "p/h", "p/f");
	put_file(&b, "p/f", "last");
	put_hard(&b, "p/i", "./p//h");
	put_hard(&b, "p/j", "p/f");
	put_link(&b, "p/l", "f");
	put_hard(&b, "p/m", "p/l");
	put_file(&b, "out", "side");
	put_hard(&b, "p/o", "out");
	taken(&b,
	    "f: last\nh*: first\ni*: first\nj: last\nl -> f\nm -> f\n"
	    "meta/\nmain.yml: m\no: side\n");
	put_role(&b);
	put_hard(&b, "p/h", "p/f");
	put_file(&b, "p/f", "");
	refused(&b, ERR_INTEGRITY, "hard link to 'p/f'");
	put_role(&b);
	put_hard(&b, "p/h", "/etc/passwd");
	refused(&b, ERR_INTEGRITY, "hard link to 'etc/passwd'");
	put_role(&b);
	put_hard(&b, "p/h", "p/h");
	refused(&b, ERR_INTEGRITY, "hard link");
	end();
}

/* Looked up one by one from its end, the chain would take minutes. */
static void
a_long_chain_of_hard_links_takes_no_time(void)
{
	const clock_t before = clock();
	struct buf b = {0};
	char name[100], to[100];

	begin();
	put_role(&b);
	put_file(&b, "0", "f");
	for (int i = 1; i <= 15000; i++) {
		(void)snprintf(name, sizeof(name), "%d", i);
		(void)snprintf(to, sizeof(to), "%d", i - 1);
		put_hard(&b, name, to);
	}
	for (int i = 0; i < 2000; i++) {
		(void)snprintf(name, sizeof(name), "p/files/%d", i);
		put_hard(&b, name, "15000");
	}
	put_end(&b);
	CHECK(unpack(ARCHIVE(&b)) == 0);
	CHECK((clock() - before) / CLOCKS_PER_SEC < 3);
	buf_free(&b);
	end();
}

static void
what_is_no_file_is_left_out(void)
{
	struct buf b = {0};

	begin();
	put_role(&b);
	put(&b, "p/fifo", '6', 0644, "", "");
	put(&b, "p/null", '3', 0666, "", "");
	put_dir(&b, "p/empty");
	taken(&b, "empty/\nmeta/\nmain.yml: m\n");
	CHECK(strstr(notes.data, "'fifo': no file") != NULL);
	CHECK(strstr(notes.data, "'null': no file") != NULL);
	end();
}

static void
names_stay_in_the_role(void)
{
	static const char *const up[] = {"../evil", "p/../../evil", "p/a/../b",
	    "..", "/../x", "p/.."};
	struct buf b = {0};

	begin();
	for (size_t i = 0; i < sizeof(up) / sizeof(up[0]); i++) {
		put_role(&b);
		put_file(&b, up[i], "");
		refused(&b, ERR_INTEGRITY, "leads upwards");
	}
	put_role(&b);
	put_file(&b, "/tmp/x", "");
	put_file(&b, "/p/y", "y");
	put_file(&b, "p/..z", "z");
	taken(&b, "..z: z\nmeta/\nmain.yml: m\ny: y\n");
	put_role(&b);
	put_file(&b, "p/.git/config", "");
	refused(&b, ERR_INTEGRITY, "'.git/config'");
	end();
}

static void
links_stay_in_the_role(void)
{
	struct buf b = {0};

	begin();
	put_role(&b);
	put_link(&b, "p/tasks/l", "../meta/main.yml");
	put_link(&b, "p/none", "nowhere");
	put_link(&b, "p/dot", ".");
	taken(&b,
	    "dot -> .\nmeta/\nmain.yml: m\nnone -> nowhere\ntasks/\n"
	    "l -> ../meta/main.yml\n");
	put_role(&b);
	put_link(&b, "p/l", "/etc/passwd");
	refused(&b, ERR_INTEGRITY, "link 'l'");
	put_role(&b);
	put_link(&b, "p/d/l", "../../p/meta");
	refused(&b, ERR_INTEGRITY, "link 'd/l'");
	/* Nothing is written through one. */
	put_role(&b);
	put_link(&b, "p/x", ".");
	put_file(&b, "p/x/f", "");
	refused(&b, ERR_INTEGRITY, "duplicate entry 'x'");
	put_link(&b, "p/meta", "tasks");
	put_role(&b);
	refused(&b, ERR_INTEGRITY, "duplicate entry 'meta'");
	end();
}

/* ---- how much ---- */

static void
limits_name_themselves(void)
{
	struct buf b = {0};

	begin();
	limits.files = 3;
	put_role(&b);
	put_file(&b, "p/a", "");
	put_file(&b, "p/b", "");
	refused(&b, ERR_INTEGRITY, "--max-files");
	put_file(&b, "o/a", "");
	put_file(&b, "o/b", "");
	put_file(&b, "o/c", "");
	put_role(&b);
	refused(&b, ERR_INTEGRITY, "--max-files");
	limits.files = 100;
	limits.bytes = 9;
	put_role(&b);
	put_file(&b, "p/a", "12345");
	put_file(&b, "o", "1234");
	refused(&b, ERR_INTEGRITY, "--max-bytes");
	put_role(&b);
	put_file(&b, "p/a", "12345");
	put_hard(&b, "p/b", "p/a");
	refused(&b, ERR_INTEGRITY, "--max-bytes");
	limits.file_bytes = 4;
	put_role(&b);
	put_file(&b, "o", "12345");
	refused(&b, ERR_INTEGRITY, "'o' has more than 4 bytes");
	limits.depth = 1;
	put_role(&b);
	put_file(&b, "p/a/b/c", "");
	refused(&b, ERR_INTEGRITY, "--max-depth");
	end();
}

/* ---- damage ---- */

static void
an_archive_that_is_cut_off_is_refused(void)
{
	struct buf b = {0}, gz = {0};

	begin();
	put_role(&b);
	put_file(&b, "p/f", "some text");
	compress_it(&gz, &b);
	for (size_t len = 0; len <= b.len; len += 64)
		CHECK(unpack(b.data, len) == -1);
	put_end(&b);
	/* One block of zeros is end enough. */
	CHECK(unpack(b.data, b.len - BLOCK) == 0);
	buf_clear(&gz);
	compress_it(&gz, &b);
	for (size_t len = 0; len < gz.len; len++)
		CHECK(unpack(gz.data, len) == -1);
	CHECK(unpack(ARCHIVE(&gz)) == 0);
	buf_free(&b);
	buf_free(&gz);
	end();
}

static void
no_flipped_bit_makes_another_role(void)
{
	static const char want[] = "f: some text\nmeta/\nmain.yml: m\n";
	struct buf b = {0}, gz = {0};
	size_t harmless = 0;

	begin();
	put_role(&b);
	put_file(&b, "p/f", "some text");
	put_end(&b);
	compress_it(&gz, &b);
	for (size_t i = 0; i < gz.len; i++) {
		gz.data[i] ^= 4;
		if (unpack(ARCHIVE(&gz)) == 0) {
			CHECK_STR(written.data, want);
			harmless++;
		}
		gz.data[i] ^= 4;
	}
	/* The time in the header, codes that nothing uses. */
	CHECK(harmless < gz.len / 8);
	buf_free(&b);
	buf_free(&gz);
	end();
}

static void
what_is_no_archive_is_told_as_such(void)
{
	static const char text[] = "This is a text of no great length.\n";

	begin();
	CHECK(unpack(text, sizeof(text)) == -1);
	CHECK(err.kind == ERR_NOTFOUND);
	CHECK(strstr(err.msg, "no archive") != NULL);
	CHECK(unpack("", 0) == -1);
	end();
}

/* ---- a job ---- */

/* A job without a parent; facts are what it would have heard. */
static int
fetch(const char *url, const char *checksum, struct buf *facts)
{
	struct worker worker = {.origin = "local"};
	const struct job job = {.url = url,
	    .checksum = checksum,
	    .version = "",
	    .user = "",
	    .password = "",
	    JOB_NO_FDS};
	char *pack = xasprintf("%s/pack", dir);
	struct fetcher f = {.worker = &worker, .job = &job, .pack = pack};
	char piece[4096];
	int pair[2], rc;
	struct msg m;
	ssize_t n, used;

	f.opts.limits = limits;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	worker.fd = pair[0];
	remove_all(top, "role");
	CHECK(
	    mkdirat(top, "role", 0755) == 0 && mkdirat(top, "pack", 0755) == 0);
	f.role = openat(top, "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = (struct error){.kind = ERR_NONE};
	rc = archive_fetch(&f, &err);
	(void)close(f.role);
	/* Nothing of the archive is left. */
	CHECK(unlinkat(top, "pack", AT_REMOVEDIR) == 0);
	buf_clear(facts);
	buf_puts(facts, "");
	n = recv(pair[1], piece, sizeof(piece), MSG_DONTWAIT);
	for (ssize_t at = 0; at < n; at += used) {
		used = msg_parse(&m, piece + at, (size_t)(n - at));
		if (used <= 0)
			break;
		if (m.type == MSG_FACT)
			buf_printf(facts, "%s=%s ", m.key, m.text);
	}
	(void)close(pair[0]);
	(void)close(pair[1]);
	free(pack);
	return rc;
}

static void
save(const char *name, const void *data, size_t len)
{
	int fd =
	    openat(top, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CHECK(fd != -1 && write_fully(fd, data, len) == 0);
	(void)close(fd);
}

static void
the_checksum_is_told_and_has_to_fit(void)
{
	struct buf b = {0}, facts = {0};
	char digest[SHA256_DIGEST_STRING_LENGTH], *at, *url, *want;

	begin();
	put_role(&b);
	put_end(&b);
	save("a.tar", ARCHIVE(&b));
	(void)SHA256Data((const uint8_t *)b.data, b.len, digest);
	at = xasprintf("%s/a.tar", dir);
	url = xasprintf("file://%s", at);
	want = xasprintf("sha256=%s ", digest);
	CHECK(fetch(at, "", &facts) == 0);
	CHECK_STR(facts.data, want);
	CHECK(fetch(url, digest, &facts) == 0);
	CHECK_STR(facts.data, want);
	digest[0] = digest[0] == '0' ? '1' : '0';
	CHECK(fetch(at, digest, &facts) == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	CHECK(strstr(err.msg, "got sha256 ") != NULL);
	CHECK(strstr(err.msg, digest) != NULL);
	CHECK_STR(facts.data, want);
	free(want);
	free(url);
	free(at);
	buf_free(&facts);
	buf_free(&b);
	end();
}

static void
files_that_are_none_are_told_as_such(void)
{
	static const char page[] = "\xef\xbb\xbf \r\n<!DOCTYPE HTML>\n<title>";
	struct buf facts = {0};
	char *at;

	begin();
	at = xasprintf("%s/x", dir);
	CHECK(fetch(at, "", &facts) == -1 && err.kind == ERR_NOTFOUND);
	CHECK_STR(facts.data, "");
	save("x", "", 0);
	CHECK(fetch(at, "", &facts) == -1 && err.kind == ERR_NOTFOUND);
	CHECK(strstr(err.msg, "0 bytes") != NULL);
	save("x", page, sizeof(page) - 1);
	CHECK(fetch(at, "", &facts) == -1 && err.kind == ERR_NOTFOUND);
	CHECK(strstr(err.msg, "HTML page") != NULL);
	limits.bytes = 10;
	CHECK(fetch(at, "", &facts) == -1 && err.kind == ERR_INTEGRITY);
	CHECK(strstr(err.msg, "--max-bytes") != NULL);
	(void)unlinkat(top, "x", 0);
	CHECK(mkfifoat(top, "x", 0644) == 0);
	CHECK(fetch(at, "", &facts) == -1 && err.kind == ERR_NOTFOUND);
	free(at);
	buf_free(&facts);
	end();
}

int
main(void)
{
	(void)umask(022);
	RUN(the_shallowest_meta_makes_the_role);
	RUN(without_meta_there_is_no_role);
	RUN(one_of_several_roles_needs_a_path);
	RUN(a_path_begins_below_the_top_directory);
	RUN(of_two_with_one_name_the_last_counts);
	RUN(a_hard_link_is_a_copy_of_what_came_before);
	RUN(a_long_chain_of_hard_links_takes_no_time);
	RUN(what_is_no_file_is_left_out);
	RUN(names_stay_in_the_role);
	RUN(links_stay_in_the_role);
	RUN(limits_name_themselves);
	RUN(an_archive_that_is_cut_off_is_refused);
	RUN(no_flipped_bit_makes_another_role);
	RUN(what_is_no_archive_is_told_as_such);
	RUN(the_checksum_is_told_and_has_to_fit);
	RUN(files_that_are_none_are_told_as_such);
	return check_done();
}
