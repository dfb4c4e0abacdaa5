/** Of what is random in this run of the suites: other data each time, and the same again with MILLRACE_TEST_SEED. */
export const runSeed = Number(process.env['MILLRACE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** For the titles of tests. */
export const seedNote = `MILLRACE_TEST_SEED=${runSeed}`;
