import { startProcess } from '@millrace/composition';

await startProcess({
  name: 'transcription',
  services: ['transcription'],
  dist: new URL('../../', import.meta.url),
});
