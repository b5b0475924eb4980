/*
 * cmd/init.h - the files of a new role.
 */
#ifndef KELPIE_INIT_H
#define KELPIE_INIT_H

struct skeleton {
	const char *path; /* at most one '/'; NULL ends */
	const char *text; /* '@' stands for the name; NULL: the directory of
			     path alone */
};

extern const struct skeleton skeleton[];

#endif
