/**
 * How Node is started for a server. Its young generation may have 4 MB a half: left to itself Node 24 lets it grow to
 * 128 MB. The old one may grow by 30 % before it is collected again: left to itself it doubles, which takes 70 MB more
 * under a mixed load. Neither answers sooner nor takes less time in all.
 */
export const serverOptions = ['--max-semi-space-size=4', '--heap-growing-percent=30'];

/**
 * What a server and its workers find in their environment beside what they are given. Of glibc's arenas, by default
 * eight a processor, each keeps what its threads let go: two take 100 MB less of a server under load, and no more time.
 */
export const serverEnvironment = { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2' };
