import { startProcess } from '@millrace/composition';
import { services } from '@millrace/contracts';

await startProcess({ name: 'standalone', services, dist: new URL('../../', import.meta.url) });
