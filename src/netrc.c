#include "netrc.h"

#include <string.h>
#include <strings.h>

#define BLANK " \t\r\n"

static char
unescaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

/* Take "a word in quotes" off the text, which stands behind the first. */
static char *
quoted(char **text)
{
	char *s = *text, *word = s, *to = s;

	for (; *s != '\0' && *s != '"'; s++) {
		if (*s == '\\' && s[1] != '\0') {
			s++;
			*s = unescaped(*s);
		}
		*to++ = *s;
	}
	*text = s + (*s != '\0');
	*to = '\0';
	return word;
}

/* Take the next word off the text; NULL at the end. */
static char *
next_word(char **text)
{
	char *s = *text + strspn(*text, BLANK), *word = s;

	if (*s == '\0')
		return NULL;
	if (*s == '"') {
		*text = s + 1;
		return quoted(text);
	}
	s += strcspn(s, BLANK);
	*text = s + (*s != '\0');
	*s = '\0';
	return word;
}

/* The same where a password cannot stand: "#" is a comment. */
static char *
next_keyword(char **text)
{
	*text += strspn(*text, BLANK);
	while (**text == '#') {
		*text += strcspn(*text, "\n");
		*text += strspn(*text, BLANK);
	}
	return next_word(text);
}

/* A macro ends with an empty line. */
static void
skip_macro(char **text)
{
	char *end = strstr(*text, "\n\n"), *dos = strstr(*text, "\n\r\n");

	if (end == NULL || (dos != NULL && dos < end))
		end = dos;
	*text = end != NULL ? end : *text + strlen(*text);
}

/* Read an entry up to where the next one begins, which is left in *word. */
static void
read_entry(char **text, char **word, const char **user, const char **password)
{
	*user = *password = NULL;
	while ((*word = next_keyword(text)) != NULL) {
		if (strcasecmp(*word, "machine") == 0 ||
		    strcasecmp(*word, "default") == 0)
			return;
		if (strcasecmp(*word, "login") == 0)
			*user = next_word(text);
		else if (strcasecmp(*word, "password") == 0)
			*password = next_word(text);
		else if (strcasecmp(*word, "account") == 0)
			(void)next_word(text);
		else if (strcasecmp(*word, "macdef") == 0)
			skip_macro(text);
	}
}

bool
netrc_find(char *text, const char *host, const char *want_user,
    const char **user, const char **password)
{
	const char *name;
	char *word;
	bool fits;

	/* What stands in front of the first machine belongs to none. */
	read_entry(&text, &word, user, password);
	while (word != NULL) {
		fits = strcasecmp(word, "default") == 0;
		if (!fits) {
			name = next_word(&text);
			fits = name != NULL && strcasecmp(name, host) == 0;
		}
		read_entry(&text, &word, user, password);
		if (!fits || (*user == NULL && *password == NULL))
			continue;
		if (*user == NULL)
			*user = want_user != NULL ? want_user : "";
		if (*password == NULL)
			*password = "";
		if (want_user == NULL || strcmp(*user, want_user) == 0)
			return true;
	}
	return false;
}
