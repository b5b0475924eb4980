/*
 * signed.h - git's signed objects: what was signed, the signature, and that
 * they are the objects they are said to be.
 *
 * Formats: git-tag(1), gitformat-signature(5), and the header of a loose
 * object.  Looks at bytes only; runs no program and knows no key.
 */
#ifndef KELPIE_SIGNED_H
#define KELPIE_SIGNED_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/buf.h"

#define OBJECT_ID_MAX 41 /* 40 hex digits and the NUL */
#define OBJECT_BYTES_MAX (1u << 20)
#define SIGNED_FILE "signed" /* in which a worker leaves a chain */
#define CHAIN_MAX 8 /* a tag of a tag of a ... commit */
#define CHAIN_BYTES_MAX ((size_t)CHAIN_MAX * (OBJECT_BYTES_MAX + 64))

/* A tag or a commit; text is borrowed. */
struct object {
	const char *text;
	size_t len;
	char id[OBJECT_ID_MAX]; /* counted here */
	bool is_tag;
	/* Of a tag: */
	char target[OBJECT_ID_MAX];
	bool to_tag; /* else it leads to a commit */
	const char *name; /* of name_len bytes; borrowed */
	size_t name_len;
};

/* Take apart what git has under an id.  ERR_INTEGRITY if it is none. */
int object_parse(struct object *, bool is_tag, const char *text, size_t len,
    struct error *);

/* Put it behind the others of a chain, as a loose object has it. */
void object_put(struct buf *, const struct object *);

/*
 * Divide it into what was signed and the signature, as git does; an empty
 * one: it is not signed.  ERR_INTEGRITY for two signatures.
 */
int object_divide(const struct object *, struct buf *payload,
    struct buf *signature, struct error *);

/* What a chain has to be. */
struct chain_wish {
	const char *tag; /* the id of its first object; "": there is no tag */
	const char *commit; /* and of its last */
	const char *ref; /* the tag is to have this name, if it is one */
};

struct chain_found {
	struct buf payload, signature;
	bool by_tag; /* it is the tag's signature, else the commit's */
};

/*
 * Prove a chain, from whom it may be: each object has the id that the one
 * before it names.  The signature that counts is that of the first tag, else
 * that of the commit.  ERR_INTEGRITY if it proves nothing, ERR_REFUSED if
 * nothing is signed or the tag has another name.
 */
int chain_prove(struct chain_found *, const char *text, size_t len,
    const struct chain_wish *, struct error *);
void chain_free(struct chain_found *);

/* ---- who may sign ---- */

#define SIGNERS_BYTES_MAX (16u << 20)
#define SIGNERS_MARK_MAX (4 + 65)

/*
 * "gpg:" or "ssh:" and the SHA-256 of the file with their keys: what a role
 * was checked with.  Reads the file.  ERR_CONFIG, with its path, if that
 * cannot be.
 */
int signers_mark(char out[SIGNERS_MARK_MAX], const char *how, const char *path,
    struct error *);
bool signers_mark_ok(const char *);

/* The same for a file whose bytes are given. */
void signers_mark_of(char out[SIGNERS_MARK_MAX], const char *how,
    const char *text, size_t len);

/* Read such a file. */
int signers_read(struct buf *, const char *path, struct error *);

/*
 * The OpenPGP packets of all armored blocks (RFC 4880, section 6) of a text.
 * -1: there is none, or one is damaged.
 */
int armor_read(struct buf *out, const char *text, size_t len);

#endif
