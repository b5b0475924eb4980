#include "fetch/meta.h"

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/meta.h"
#include "kelpie/spec.h"
#include "kelpie/worker.h"

int
meta_tell(struct worker *w, int rolefd, bool pup, struct error *err)
{
	struct specs specs = {0};
	struct faults faults = {0};
	struct buf line = {0};
	int rc = 0;

	meta_needs(rolefd, pup, &specs, &faults);
	for (size_t i = 0; i < specs.notes_n; i++)
		worker_note(w, "%s", specs.notes[i]);
	if (specs.meta_empty)
		worker_fact(w, "meta", "empty");
	for (size_t i = 0; i < specs.n && faults.n == 0; i++) {
		buf_clear(&line);
		spec_pack(&line, &specs.v[i]);
		worker_fact(w, "dependency", line.data);
	}
	if (faults.n > 0) {
		*err = faults.v[0];
		rc = -1;
	}
	specs_free(&specs);
	faults_free(&faults);
	buf_free(&line);
	return rc;
}
