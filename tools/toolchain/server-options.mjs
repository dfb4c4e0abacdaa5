/** The old generation may grow by 30 % before it is collected again: left to itself it doubles, which takes 70 MB more. */
const calmHeap = '--heap-growing-percent=30';

/**
 * How Node is started for a server. Its young generation may have 16 MB a half: with 4 ingestion, embedding and indexing take
 * a tenth more time for a document and streamed answers a third more; left to itself Node 24 lets it grow to 128 MB, under a
 * mixed load, and does not answer sooner.
 */
export const serverOptions = ['--max-semi-space-size=16', calmHeap];

/**
 * What a server and its workers find in their environment beside what they are given, unless it is set already.
 *
 * - Of glibc's arenas, by default eight a processor, each keeps what its threads let go: two take 100 MB less of a server
 *   under load, and no more time.
 * - Huge pages where Linux gives them to those who ask: models take 2 to 4 % less time, and 6 MB more a process.
 */
export const serverEnvironment = {
  MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
  GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? 'glibc.malloc.hugetlb=1',
};
