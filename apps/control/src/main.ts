import { startProcess } from '@millrace/composition';

await startProcess({ name: 'control', services: ['control'], dist: new URL('../../', import.meta.url) });
