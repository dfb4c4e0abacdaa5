// A child process that follows the parser's protocol and does what the file's text says.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';

const attempt = (work) => {
  try {
    work();
    return 'allowed';
  } catch (error) {
    return error.code;
  }
};

const answers = {
  loop: () => {
    for (;;);
  },
  crash: () => process.abort(),
  killed: () => process.kill(process.pid, 'SIGKILL'),
  pid: () => String(process.pid),
  nap: () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    return String(process.pid);
  },
  locks: () =>
    JSON.stringify({
      env: Object.keys(process.env),
      write: attempt(() => writeFileSync(`${tmpdir()}/millrace-lock-test`, '')),
      spawn: attempt(() => spawnSync('true')),
    }),
};

process.on('disconnect', () => process.exit(0));
process.on('message', ({ source }) => {
  const asked = Buffer.from(source.bytes).toString();
  const text = answers[asked.trimEnd()]?.() ?? asked;
  const document = { text, chunks: [], mediaType: 'text/plain', parser: 'text@1', chunker: 'none@1' };
  process.send({ kind: 'parsed', document, rssBytes: process.memoryUsage.rss() });
});
process.send({ kind: 'ready' });
