import { parseArgs } from 'node:util';
import { Stop } from '../toolchain/stop.mjs';

export const services = [
  'control',
  'moderation',
  'embedding',
  'indexing',
  'retrieval',
  'generation',
  'transcription',
  'ingestion',
];

/** What there may be several of. */
const replicated = [...services, 'gateway'];

export const help = `npm run distributed [-- OPTIONS]

Every service as a process of its own on Kafka, Redis, PostgreSQL, S3 and Qdrant, behind one address. The engines are
brought up first where they are not (npm run engines). Ctrl-C drains and stops the services; the engines go on.

  --replicas NAME=N   so many processes of a service, 1 unless said; again for another: --replicas embedding=2
  --port N            the address of the gateway, of several the first one's (8080; 0 picks a free one)
  --dir FOLDER        where the admin key and the table of processes lie (.millrace/distributed)
  --as NAME           an installation of its own on the same engines: NAME before every topic, key and collection, and a
                      database of that name
  --temporary         with --as: remove at the end what it wrote
  --set NAME=VALUE    an environment variable for all services; again for another
  --help

The table of processes is FOLDER/processes.json: a process that dies is started again, at the same address.
`;

/**
 * @param {string[]} args
 * @returns {{ help: boolean, port: number, dir: string, as?: string, temporary: boolean, replicas: Record<string, number>, set: Record<string, string> }}
 */
export function readOptions(args) {
  const { values } = parse(args);
  const replicas = Object.fromEntries(replicated.map((name) => [name, 1]));
  for (const [name, text] of pairs('replicas', values.replicas)) {
    if (!replicated.includes(name)) throw new Stop(`There is no service ${name}: ${replicated.join(', ')}.`);
    replicas[name] = whole(`--replicas ${name}`, text, 1, 64);
  }
  if (values.as !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(values.as))
    throw new Stop(`--as wants up to 40 small letters, digits and hyphens, not ${values.as}.`);
  if (values.temporary && values.as === undefined)
    throw new Stop('--temporary removes an installation of its own: name it with --as NAME.');
  return {
    help: values.help,
    as: values.as,
    temporary: values.temporary,
    port: whole('--port', values.port, 0, 65_535),
    dir: values.dir,
    replicas,
    set: Object.fromEntries(pairs('set', values.set)),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        replicas: { type: 'string', multiple: true, default: [] },
        set: { type: 'string', multiple: true, default: [] },
        as: { type: 'string' },
        temporary: { type: 'boolean', default: false },
        port: { type: 'string', default: '8080' },
        dir: { type: 'string', default: '.millrace/distributed' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Stop(`${error.message}\n\n${help}`);
  }
}

const pairs = (option, texts) =>
  texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new Stop(`--${option} wants NAME=VALUE, not ${text}.`);
    return [text.slice(0, at), text.slice(at + 1)];
  });

function whole(what, text, min, max) {
  const number = Number(text);
  if (text !== '' && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Stop(`${what} wants a whole number from ${min} to ${max}, not ${text}.`);
}
