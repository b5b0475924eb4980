/*
 * One role: what lies in its place, held against what is asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/installinfo.h"
#include "kelpie/lockfile.h"
#include "kelpie/plan.h"
#include "kelpie/range.h"
#include "kelpie/signed.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/url.h"
#include "plan_priv.h"

/* What is in place, and what is known of it. */
struct place {
	struct installed in;
	const struct record *record; /* or NULL */
	char *target; /* of a symbolic link, or NULL */
};

/* What install info can say of it, which knows no source. */
static bool
info_is_what_was_asked(const struct spec *s, const struct installed *in)
{
	if (!in->has_version || s->path != NULL || s->commit != NULL ||
	    s->checksum != NULL)
		return false;
	/* Without a version Galaxy's newest is asked for, once. */
	if (s->version == NULL && spec_is_name(s))
		return true;
	if (s->version != NULL && range_is(s->version))
		return range_has(s->version, in->version);
	return text_same(in->version, s->version);
}

/* Was its signature looked at, with the signers that count now? */
static bool
is_signed(const struct item *it, const struct record *r)
{
	const struct locked *l = it->locked;

	if (it->spec->verify == NULL)
		return true;
	return r != NULL && text_same(r->signers, it->signers) &&
	    (l == NULL || l->tag == NULL || text_same(r->tag, l->tag));
}

static bool
is_what_is_locked(const struct locked *l, const struct record *r)
{
	return r != NULL && text_same(r->commit, l->commit) &&
	    text_same(r->archive, l->sha256) && text_same(r->path, l->path) &&
	    strcmp(r->digest, l->digest) == 0;
}

/* What moves on is as good as any that it may move to, until that is known. */
static bool
is_version(const struct spec *s, const char *version)
{
	if (s->moving != NULL && version != NULL)
		return range_has(s->version, version);
	return text_same(version, s->version);
}

static bool
came_from(const struct spec *s, const struct record *r)
{
	char *src = url_kept(s->src);
	bool is = strcmp(src, r->src) == 0 && text_same(r->path, s->path) &&
	    spec_can_be(s, r->commit[0] != '\0', r->archive != NULL);

	free(src);
	return is;
}

static bool
is_what_was_asked(const struct item *it, const struct place *p)
{
	const struct record *r = p->record;
	const struct spec *s = it->spec;
	bool any = it->own != NULL && s->version == NULL;

	if (!is_signed(it, r))
		return false;
	if (it->locked != NULL)
		return is_what_is_locked(it->locked, r);
	if (any && s->commit == NULL && s->checksum == NULL)
		return true;
	if (r == NULL)
		return info_is_what_was_asked(s, &p->in);
	return came_from(s, r) && (any || is_version(s, r->version)) &&
	    !record_is_link(r) &&
	    (s->checksum == NULL || text_same(s->checksum, r->archive)) &&
	    (s->commit == NULL || text_same(s->commit, r->commit));
}

static enum action
refuse(struct item *it, const char *why)
{
	(void)error_set(&it->err, ERR_REFUSED, "%s", why);
	return ACT_REFUSE;
}

static enum action
decide_link(struct item *it, const struct place *p)
{
	if (it->spec->link && text_same(p->target, it->spec->src))
		return ACT_KEEP;
	if (p->record != NULL && record_is_link(p->record) &&
	    text_same(p->target, p->record->src)) {
		it->over_link = true;
		return ACT_UPDATE;
	}
	return refuse(it,
	    "a symbolic link is in its place, and is never replaced; remove "
	    "the link to have the role installed");
}

static enum action
decide(struct item *it, const struct place *p, bool force)
{
	switch (p->in.found) {
	case FOUND_NOTHING:
		return ACT_INSTALL;
	case FOUND_LINK:
		return decide_link(it, p);
	case FOUND_FOREIGN:
		return refuse(it,
		    "something that is no role is in its place (there is no "
		    "meta/main.yml), and is never replaced; move it away");
	case FOUND_ROLE:
		return force ?
		    ACT_UPDATE :
		    refuse(it,
			"a role that no tool installed is in its place; -f "
			"replaces it");
	case FOUND_INSTALLED:
		break;
	}
	if (it->spec->link || force)
		return ACT_UPDATE;
	return is_what_was_asked(it, p) ? ACT_KEEP : ACT_UPDATE;
}

/* A branch may point elsewhere now, and Galaxy have a newer version; a tag or
 * commit is what it was. */
static bool
may_move(const struct item *it, const struct record *r)
{
	const struct spec *s = it->spec;

	if (record_is_link(r))
		return false;
	if (s->version != NULL ? range_is(s->version) : spec_is_name(s))
		return true;
	return r->ref[0] != '\0' && strncmp(r->ref, "refs/tags/", 10) != 0;
}

/* What is in place is what was asked for: may it be another thing now? */
static bool
ask_again(const struct item *it, const struct place *p,
    const struct plan_opts *how)
{
	if (it->spec->link)
		return false;
	if (p->record == NULL)
		return how->known;
	if (it->spec->dir)
		return how->refresh || how->copy;
	if (it->locked != NULL)
		return how->check_refs && !it->locked->settled &&
		    locked_is_tag(it->locked);
	/* Another role may do, but its commit is none of this source. */
	if (how->known && !came_from(it->spec, p->record))
		return true;
	if (p->record->archive != NULL && how->archives)
		return it->spec->checksum == NULL;
	if (p->record->commit[0] != '\0' && how->moved_tags)
		return true;
	return how->refresh && may_move(it, p->record);
}

static int
look(struct place *p, const struct store *store, const char *name,
    struct error *err)
{
	*p = (struct place){.in = {.found = FOUND_NOTHING}};
	if (store->rolesfd == -1)
		return 0;
	if (installinfo_look(&p->in, store->rolesfd, name, err) == -1)
		return error_wrap(err, "%s/%s", store->path, name);
	if (p->in.found == FOUND_LINK)
		p->target = store_link_target(store, name);
	p->record = state_find(&store->state, name);
	/* Other install info than ours: another tool was here since. */
	if (p->record != NULL && !record_is_link(p->record) &&
	    !record_matches(p->record, p->in.info))
		p->record = NULL;
	return 0;
}

/* What a lock file that is for this spec says that it must be, or NULL. */
static const struct locked *
pin_of(const struct lockfile *lock, const struct spec *s)
{
	const struct locked *l = lockfile_find(lock, s->name);

	return l != NULL && locked_pins(l) && locked_is_for(l, s) ? l : NULL;
}

/* Without its keys nothing can be said of a role. */
static int
read_signers(struct item *it)
{
	const struct spec *s = it->spec;

	if (s->verify == NULL)
		return 0;
	return signers_mark(it->signers, s->verify, s->signers, &it->err);
}

int
plan_item(struct item *it, const struct store *store,
    const struct plan_opts *how, struct error *err)
{
	struct place p;

	if (look(&p, store, it->spec->name, err) == -1)
		return -1;
	it->locked = how->lock != NULL ? pin_of(how->lock, it->spec) : NULL;
	it->action =
	    read_signers(it) == 0 ? decide(it, &p, how->force) : ACT_REFUSE;
	it->asked_again = false;
	if (it->action == ACT_KEEP && ask_again(it, &p, how)) {
		it->action = ACT_UPDATE;
		it->asked_again = true;
	}
	free(p.target);
	it->installed = p.in.version;
	it->info = p.in.info;
	if (p.record != NULL)
		it->needs = xstrdup_null(p.record->needs);
	return 0;
}
