import { runnable, startProcess } from '@millrace/composition';

await startProcess({ name: 'standalone', services: runnable, dist: new URL('../../', import.meta.url) });
