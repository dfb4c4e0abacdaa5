import { readFileSync } from 'node:fs';
import { inWords } from './choose-runtime.mjs';
import { containerName } from './container.mjs';
import { isTaken, listenerOf } from './ports.mjs';
import { whereIs } from './where-is.mjs';

/**
 * A table of the engines: each asked in its own protocol.
 * @param {{ chosen: readonly import('./local-engine.mjs').LocalEngine[] }} options
 * @returns {Promise<{ lines: string[], allUp: boolean }>}
 */
export async function statusOf({ chosen }) {
  const rows = await Promise.all(chosen.map(rowOf));
  return {
    lines: table([
      ['ENGINE', 'STATE', 'RUNS', 'ADDRESS', 'PROCESS', 'MEMORY', 'REMARK'],
      ...rows.map(({ cells }) => cells),
    ]),
    allUp: rows.every(({ up }) => up),
  };
}

async function rowOf(engine) {
  const elsewhere = engine.kind.elsewhere?.() !== undefined;
  const running = engine.process;
  const silence = elsewhere || running ? await engine.silence() : '';
  const up = silence === undefined;
  const row = (state, remark = '') => ({
    up,
    cells: [
      ...[engine.title, state, running ? inWords[engine.runtime] : '', whereIs(engine.coordinates)],
      ...[processOf(engine), running && engine.runtime === 'native' ? memoryOf(running) : '', remark],
    ],
  });
  if (up) return row('up', elsewhere ? 'run by somebody else' : '');
  if (elsewhere) return row('silent', silence);
  if (running) return row('silent', `${silence}; its log: ${engine.places.log}`);
  return row('down', await whyDown(engine));
}

async function whyDown({ record, place: { port } }) {
  if (await isTaken(port)) return `its port is taken by ${listenerOf(port) ?? 'another program'}`;
  return record ? `its process ${record.pid} has gone` : '';
}

/** A number or, as Docker's command line knows it, a name. */
const processOf = ({ process, runtime, kind, place }) => {
  if (!process) return '';
  return runtime === 'docker' ? containerName(kind, place) : String(process.pid);
};

/** Of the process itself, without its children. */
function memoryOf(running) {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${running.pid}/status`, 'utf8'))?.[1];
    return kilobytes ? `${Math.round(Number(kilobytes) / 1024)} MB` : '';
  } catch {
    return '';
  }
}

/** @param {string[][]} rows */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
