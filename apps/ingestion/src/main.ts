import { startProcess } from '@millrace/composition';

await startProcess({ name: 'ingestion', services: ['ingestion'], dist: new URL('../../', import.meta.url) });
