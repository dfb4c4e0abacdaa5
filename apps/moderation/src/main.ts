import { startProcess } from '@millrace/composition';

await startProcess({
  name: 'moderation',
  services: ['moderation'],
  dist: new URL('../../', import.meta.url),
});
