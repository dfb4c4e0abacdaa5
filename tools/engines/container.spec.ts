import { expect, it } from 'vitest';
import { containerName, inContainer, runArguments } from './container.mjs';
import { kinds } from './kinds.mjs';

const place = { bin: '/bin', data: '/home/me/data/redis-docker', log: '/log', port: 26_379 };
const command = { args: ['redis-server'], env: { PASSWORD: 'secret' } };
const image = 'redis:7.2.16-bookworm';

it('publishes one port on loopback, mounts the data folder, and may do nothing else', () => {
  const options = { name: 'millrace-redis-1', published: 26_379, stopSignal: 'SIGINT', user: '1000:1000' };
  expect(runArguments({ image, place, command, ...options })).toEqual([
    ...['run', '--rm', '--pull', 'never', '--log-driver', 'none'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', '1000:1000'],
    ...['--name', 'millrace-redis-1', '--stop-signal', 'SIGINT', '--publish', '127.0.0.1:26379:26379'],
    ...['--volume', '/home/me/data/redis-docker:/data:z', '--env', 'PASSWORD', image, 'redis-server'],
  ]);
});

it('names a container by its folder of data', () => {
  expect(containerName({ name: 'redis' }, place)).toMatch(/^millrace-redis-[0-9a-f]{8}$/);
  expect(containerName({ name: 'redis' }, { data: '/elsewhere' })).not.toBe(
    containerName({ name: 'redis' }, place),
  );
});

it.each(kinds.map((kind) => [kind.name, kind] as const))(
  'runs %s on the port of this machine, with its data where the container has it and no secret in sight',
  (_name, kind) => {
    const inside = kind.image.command({ data: '/data', port: 26_379 });
    const args = runArguments({ image, place, user: '1000:1000', command: inside });
    const all = [...args, ...Object.values(inside.env ?? {})].join(' ');
    expect(all).toMatch(/26379|server\.properties/);
    expect(all).toContain('/data');
    for (const secret of Object.values(inside.env ?? {}).filter((value) => /^[0-9a-f]{16}/.test(value)))
      expect(args.join(' ')).not.toContain(secret);
  },
);

it('says that Qdrant in a container is the server', () => {
  const qdrant = kinds.find(({ name }) => name === 'qdrant')!;
  expect(qdrant.coordinates(place)).toMatchObject({ kind: 'edge' });
  expect(inContainer(qdrant).coordinates(place)).toMatchObject({ kind: 'server' });
});
