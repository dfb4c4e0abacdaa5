#!/usr/bin/env node
// `npm start`: from a fresh clone to a running Millrace with nothing but Node >= 20 and npm. Arguments go to the server.
const required = 20;
if (Number(process.versions.node.split('.')[0]) < required) {
  console.error(
    `Millrace needs Node ${required} or newer to start; this is ${process.version}. See nodejs.org.`,
  );
  process.exit(1);
}
const { runTool } = await import('../toolchain/stop.mjs');
const { start } = await import('./start.mjs');
await runTool(() => start(process.argv.slice(2)));
