import { startProcess } from '@millrace/composition';

await startProcess({ name: 'indexing', services: ['indexing'], dist: new URL('../../', import.meta.url) });
