/** What refuses to run as root, and what should not, runs as nobody then. */
export const isRoot = process.getuid?.() === 0;
export const nobody = 65_534;
