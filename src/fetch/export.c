#include "fetch/module.h"
#include "fetch/untar.h"

/* All that is seen of the module from outside: FETCH_MODULE_SYMBOL. */
__attribute__((visibility("default")))
const struct fetch_module kelpie_fetch_module = {
    .version = FETCH_MODULE_VERSION,
    .prepare = fetch_prepare,
    .config = fetch_config,
    .diff = fetch_diff,
    .enter = fetch_enter,
    .run = fetch_run,
    .untar = fetch_untar,
};
