// What a runtime is made of beyond the engine: the one place that knows all rooms of the host.
#include "host/boundary/bridge.h"
#include "host/web/web_natives.h"

const HostExtension *const host_extensions[] = {&bridge_extension, &web_extension, NULL};
