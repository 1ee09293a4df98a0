// The extensions of a runtime beyond the engine: the only file that knows all rooms of the host.
#include "host/boundary/bridge.h"
#include "host/web/web_natives.h"

const HostExtension *const host_extensions[] = {&bridge_extension, &web_extension, NULL};
