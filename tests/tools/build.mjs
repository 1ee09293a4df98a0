// wasm-glue/tools/build.mjs under its former name, for scripts that still call it so.
import { buildFromCommandLine } from '../../wasm-glue/tools/build.mjs';

await buildFromCommandLine();
