/**
 * How Node is started for a server. Its young generation may have 4 MB a half: left to itself Node 24 lets it grow to
 * 128 MB, which answers no sooner and takes no less time in all.
 */
export const serverOptions = ['--max-semi-space-size=4'];
