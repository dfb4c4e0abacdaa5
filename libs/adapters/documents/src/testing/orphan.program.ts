import { readFileSync } from 'node:fs';
import { ChildProcessDocumentParser } from '../child-process-document-parser.ts';

// Has a document read that takes long, says which process reads it, and waits to be killed.
const parser = new ChildProcessDocumentParser({ workersDir: new URL(process.argv[2] ?? '') });
await parser.healthy();
const reading = parser.parse({
  bytes: Buffer.from(`%PDF-1.7\n${'1 0 obj <<'.repeat(20_000)}`),
  chunking: { maxTokens: 256, maxChunks: 1_000_000 },
});
console.log(readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim());
await reading;
