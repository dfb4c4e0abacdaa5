// What `npm run engines` runs under the pinned Node.
import { runTool } from '../toolchain/stop.mjs';
import { engines } from './engines.mjs';

/** As shells report Ctrl-C. A regular exit takes programs along that are fetching; engines that were started go on. */
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

await runTool(() => engines(process.argv.slice(2)));
