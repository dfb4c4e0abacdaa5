import { startProcess } from '@millrace/composition';

await startProcess({ name: 'retrieval', services: ['retrieval'], dist: new URL('../../', import.meta.url) });
