import { runBuild } from './run-build.ts';

/** Before the medium tests: adapters run their workers from `dist/workers`. */
export default (): void => runBuild('workers');
