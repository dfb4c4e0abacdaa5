/** An end that the reader can do something about: printed as it is, without a stack. */
export class Stop extends Error {}

/**
 * Runs a command line tool and ends the process with its exit code.
 * @param {() => Promise<number>} main
 */
export async function runTool(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
