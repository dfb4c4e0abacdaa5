/** Milliseconds between two plain lines of one step where there is no terminal to rewrite. */
const plainEvery = 10_000;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * One step of work that a person watches: a live line on a terminal, plain lines elsewhere.
 * @param {string} title what is being done: "Installing packages"
 * @param {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} out
 * @param {number} started when the work began, if it was before now
 */
export function step(title, out = process.stdout, started = Date.now()) {
  let detail = '';
  let printedAt = 0;
  const line = () => `  ${title}${detail && `: ${detail}`} (${seconds(started)})`;
  const redraw = () => out.write(`\r\x1b[2K${line().slice(0, (out.columns ?? 80) - 1)}`);
  const plain = () => {
    printedAt = Date.now();
    out.write(`${line()}\n`);
  };
  const show = out.isTTY ? redraw : () => Date.now() - printedAt >= plainEvery && plain();
  const timer = setInterval(show, out.isTTY ? 200 : plainEvery);
  timer.unref();
  if (out.isTTY) redraw();
  else out.write(`  ${title} ...\n`);
  printedAt = Date.now();

  const end = (mark, text) => {
    clearInterval(timer);
    out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${mark} ${text} (${seconds(started)})\n`);
  };
  return {
    /** @param {string} text how far it is: "213 of 447" */
    update(text) {
      detail = text;
      show();
    },
    /** @param {string} text what is now true: "447 packages installed" */
    done: (text) => end('✓', text),
    /** @param {string} text */
    failed: (text) => end('✗', text),
  };
}
