import { startProcess } from '@millrace/composition';

await startProcess({
  name: 'generation',
  services: ['generation'],
  dist: new URL('../../', import.meta.url),
});
