import { startProcess } from '@millrace/composition';

await startProcess({ name: 'embedding', services: ['embedding'], dist: new URL('../../', import.meta.url) });
