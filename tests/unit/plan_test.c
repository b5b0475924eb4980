#include "kelpie/plan.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/installinfo.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/walk.h"

#define WHEN 1764000000 /* of every record here */

static char base[] = "/tmp/kelpie-plan-XXXXXX";

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CHECK(fd != -1 && write(fd, text, strlen(text)) != -1);
	(void)close(fd);
}

/* A role directory; info NULL: without install info. */
static void
make_role(const char *name, const char *info)
{
	char path[64];

	CHECK(mkdir(name, 0755) == 0);
	(void)snprintf(path, sizeof(path), "%s/meta", name);
	CHECK(mkdir(path, 0755) == 0);
	(void)snprintf(path, sizeof(path), "%s/meta/main.yml", name);
	put(path, "---\n");
	(void)snprintf(path, sizeof(path), "%s/meta/.galaxy_install_info",
	    name);
	if (info != NULL)
		put(path, info);
}

static char url[] = "https://git.example.org/r.git";
static char with_password[] = "https://me:secret@git.example.org/r.git";
static char other_url[] = "https://git.example.org/other.git";

static void
remember(struct state *state, const char *name, const char *version)
{
	struct record r = {.name = xstrdup(name),
	    .src = xstrdup(url),
	    .version = xstrdup_null(version),
	    .map = true,
	    .ref = xstrdup(""),
	    .commit = xstrdup("0123456789012345678901234567890123456789"),
	    .when = WHEN};

	state_put(state, &r);
	record_free(&r);
}

/* The roles directory that all rows look at. */
static void
furnish(struct store *store)
{
	struct buf ours = {0};

	installinfo_format(&ours, WHEN, "v1", true);
	make_role("ours", ours.data);
	remember(&store->state, "ours", "v1");
	make_role("overtaken", "install_date: Sat\nversion: v2\n");
	remember(&store->state, "overtaken", "v1");
	make_role("theirs", "install_date: Sun\nversion: v1\n");
	make_role("theirs-null", "install_date: Sun\nversion: null\n");
	make_role("broken-info", "\xff\n");
	make_role("bare", NULL);
	CHECK(mkdir("foreign", 0755) == 0);
	put("file", "x");
	CHECK(symlink("ours", "link") == 0);
	buf_free(&ours);
}

static const struct row {
	const char *name;
	char *src;
	const char *version;
	enum action plain, forced;
} rows[] = {
    {"new", url, "v1", ACT_INSTALL, ACT_INSTALL},
    {"ours", url, "v1", ACT_KEEP, ACT_UPDATE},
    {"ours", url, "v2", ACT_UPDATE, ACT_UPDATE},
    {"ours", url, NULL, ACT_UPDATE, ACT_UPDATE},
    {"ours", other_url, "v1", ACT_UPDATE, ACT_UPDATE},
    {"ours", with_password, "v1", ACT_KEEP, ACT_UPDATE},
    /* Another tool was here since: only its own word counts. */
    {"overtaken", url, "v1", ACT_UPDATE, ACT_UPDATE},
    {"overtaken", other_url, "v2", ACT_KEEP, ACT_UPDATE},
    {"theirs", url, "v1", ACT_KEEP, ACT_UPDATE},
    {"theirs", url, "v2", ACT_UPDATE, ACT_UPDATE},
    {"theirs-null", url, NULL, ACT_KEEP, ACT_UPDATE},
    {"theirs-null", url, "v1", ACT_UPDATE, ACT_UPDATE},
    {"broken-info", url, NULL, ACT_UPDATE, ACT_UPDATE},
    {"bare", url, "v1", ACT_REFUSE, ACT_UPDATE},
    {"foreign", url, "v1", ACT_REFUSE, ACT_REFUSE},
    {"file", url, "v1", ACT_REFUSE, ACT_REFUSE},
    {"link", url, "v1", ACT_REFUSE, ACT_REFUSE},
};

static struct store store;

static enum action
planned(const struct row *row, bool force)
{
	const struct plan_opts how = {.force = force};
	struct spec spec = {.name = xstrdup(row->name),
	    .src = row->src,
	    .version = xstrdup_null(row->version),
	    .git = true,
	    .map = true};
	struct specs specs = {.v = &spec, .n = 1};
	struct error err = {0};
	struct plan plan;
	enum action action;

	CHECK(plan_make(&plan, &specs, &store, &how, &err) == 0);
	action = plan.v[0]->action;
	CHECK(plan_todo(&plan) ==
	    (action == ACT_INSTALL || action == ACT_UPDATE));
	CHECK((action == ACT_REFUSE) == (plan.v[0]->err.msg[0] != '\0'));
	plan_free(&plan);
	free(spec.name);
	free(spec.version);
	return action;
}

static void
every_state_of_a_role_has_its_action(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (planned(&rows[i], false) == rows[i].plain &&
		    planned(&rows[i], true) == rows[i].forced)
			continue;
		check_failed = 1;
		printf("# %s %s: %d, forced %d\n", rows[i].name,
		    rows[i].version != NULL ? rows[i].version : "",
		    planned(&rows[i], false), planned(&rows[i], true));
	}
}

/* What was recorded for "ours" says which ref it came from. */
static void
a_commit_is_no_archive(void)
{
	const struct plan_opts how = {0};
	struct spec spec = {.src = url, .map = true};
	struct specs specs = {.v = &spec, .n = 1};
	struct error err = {0};
	struct plan plan;

	spec.name = xstrdup("ours");
	spec.version = xstrdup("v1");
	CHECK(plan_make(&plan, &specs, &store, &how, &err) == 0);
	CHECK(plan.v[0]->action == ACT_UPDATE);
	plan_free(&plan);
	free(spec.name);
	free(spec.version);
}

static void
only_a_branch_is_asked_for_again(void)
{
	static const struct {
		const char *ref;
		enum action action;
	} refs[] = {{"refs/heads/v1", ACT_UPDATE}, {"HEAD", ACT_UPDATE},
	    {"refs/tags/v1", ACT_KEEP}, {"", ACT_KEEP}};
	const struct plan_opts how = {.refresh = true};
	struct spec spec = {.name = xstrdup("ours"),
	    .src = url,
	    .version = xstrdup("v1"),
	    .git = true,
	    .map = true};
	struct specs specs = {.v = &spec, .n = 1};
	struct error err = {0};
	struct plan plan;

	for (size_t i = 0; i < sizeof(refs) / sizeof(refs[0]); i++) {
		struct record r = *state_find(&store.state, "ours");
		char ref[32];

		(void)snprintf(ref, sizeof(ref), "%s", refs[i].ref);
		r.ref = ref;
		state_put(&store.state, &r);
		CHECK(plan_make(&plan, &specs, &store, &how, &err) == 0);
		CHECK(plan.v[0]->action == refs[i].action);
		CHECK(plan.v[0]->asked_again == (plan_todo(&plan) == 1));
		plan_free(&plan);
	}
	free(spec.name);
	free(spec.version);
}

static void
a_missing_roles_directory_means_install(void)
{
	const struct row row = {"ours", url, "v1", ACT_INSTALL, ACT_INSTALL};
	int fd = store.rolesfd;

	store.rolesfd = -1;
	CHECK(planned(&row, false) == ACT_INSTALL);
	store.rolesfd = fd;
}

int
main(void)
{
	struct error err;

	if (mkdtemp(base) == NULL || chdir(base) == -1)
		return 1;
	store.path = base;
	store.rolesfd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	furnish(&store);
	RUN(every_state_of_a_role_has_its_action);
	RUN(a_commit_is_no_archive);
	RUN(only_a_branch_is_asked_for_again);
	RUN(a_missing_roles_directory_means_install);
	state_free(&store.state);
	(void)close(store.rolesfd);
	(void)chdir("/");
	CHECK(walk_remove(AT_FDCWD, base, &err) == 0);
	return check_done();
}
