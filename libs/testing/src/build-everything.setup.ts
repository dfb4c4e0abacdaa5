import { runBuild } from './run-build.ts';

/** Before the end-to-end tests: they start the product from `dist`. */
export default (): void => runBuild('everything');
