#!/bin/sh
# Includes run downwards: a file may include its own header, the headers of
# lower rows, and the neighbours that the table names.
. "$(dirname "$0")/lib.sh"

# row ROOM...                     the house
# near ROOM NEIGHBOUR...          what a room may include from its own row
# part FILE ROOM                  a file that belongs to a room of another name
# only HEADER ROOM...             who may see a library's header
table='
row 0 error buf clock
row 1 rules url msg worker proc secret settings sandbox yaml config ini path below file git/compat jsonout json semver range signed
row 2 spec meta tree walk installinfo state lockfile store cache gitconfig http git/pkt git/wire git/attr git/convert git/subst git/pack git/export mirror
row 3 kennel plan pool credential netrc ssh fetch fetch_module fetch/* about inventory wanted signature
row 4 install ui
row 5 main cmd/*

near buf error
near clock error
near worker msg
near url rules
near jsonout rules
near below rules
near file below path
near config ini path yaml url
near ini path
near range rules semver
near signed rules
near meta spec
near walk tree
near state walk
near lockfile spec walk
near store state walk tree installinfo
near cache below path walk
near git/wire git/pkt
near git/convert git/attr
near git/subst git/attr git/convert
near git/export tree git/attr git/convert git/pack
near credential netrc
near fetch fetch_module
near fetch/* fetch_module fetch/*
near wanted about inventory
near install ui
near main cmd/*
near cmd/* cmd/*

part git/wildmatch git/attr

only git2 git/compat git/pack git/export fetch/*
only curl/ http
only yaml.h yaml
only jansson json
only termios ui
only sys/ioctl ui
only archive fetch/*
only zlib fetch/*
'

# Lines of "file header" for every include of the project.
files 'src/*.c' 'src/*.h' 'include/*.h' | while read -r file; do
	sed -n 's|^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]\([^">]*\)[">].*|'"$file"' \1|p' "$file"
done | awk -v table="$table" '
function room_of(name,    base) {
	if (name in part)
		return part[name]
	if (name in row)
		return name
	if (match(name, /^(fetch|cmd)\//))
		return substr(name, 1, RLENGTH) "*"
	# pool_slot belongs to pool.
	base = name
	while (sub(/_[^_]*$/, "", base))
		if (base in row)
			return base
	return ""
}
function fault(text) {
	print $1 ": " text
	bad = 1
}
BEGIN {
	lines = split(table, line, "\n")
	for (i = 1; i <= lines; i++) {
		n = split(line[i], word, " ")
		for (k = 3; k <= n; k++) {
			if (word[1] == "row")
				row[word[k]] = word[2]
			else if (word[1] == "near")
				near[word[2], word[k]] = 1
			else if (word[1] == "only")
				only[word[2], word[k]] = libraries[word[2]] = 1
			else if (word[1] == "part")
				part[word[2]] = word[3]
		}
	}
}
{
	file = $1
	sub(/^(src|include\/kelpie)\//, "", file)
	sub(/\.[ch]$/, "", file)
	from = room_of(file)
	if (from == "") {
		fault("stands in no room of the table")
		next
	}
	for (library in libraries)
		if (index($2, library) == 1 && !((library, from) in only))
			fault("<" $2 "> has no business here")
	header = $2
	if (header !~ /^kelpie\// && system("test -f src/" header) != 0)
		next
	inner = sub(/^kelpie\//, "", header)
	sub(/\.h$/, "", header)
	to = room_of(header)
	if (to == "")
		fault("\"" $2 "\" stands in no room of the table")
	else if (from == to)
		next
	else if (!inner && header != to && row[to] != 5 && !((from, to) in near))
		fault("\"" $2 "\" is private to " to)
	else if (row[to] < row[from] || ((from, to) in near))
		next
	else
		fault("row " row[from] " includes \"" $2 "\" of row " row[to])
}
END { exit bad }
'
