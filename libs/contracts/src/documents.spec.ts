import { describe, expect, it } from 'vitest';
import { keyInput } from './admin.ts';
import { documentInput } from './documents.ts';

const names = ['ann', 'Zoë', 'ann@mill.example', '/staff/night-shift', 'cn=millers', 'a'.repeat(128)];
const noNames = ['', ' ', '*', 'fin ', ' fin', 'fin\n', 'night shift', 'a,b', 'fin*', 'a\0', 'a'.repeat(129)];

const key = (more: object) => keyInput.safeParse({ tenant: 'acme', name: 'ann', ...more });
const documentFor = (entry: string) => documentInput.safeParse({ text: 'a', acl: ['user:ann', entry] });

describe('a name', () => {
  it.each(names)('of a user or a group is one in keys and in access lists: %s', (name) => {
    for (const parsed of [key({ name }), key({ groups: [name] })]) expect(parsed.success).toBe(true);
    for (const kind of ['user', 'group']) expect(documentFor(`${kind}:${name}`).success).toBe(true);
  });

  it.each(noNames)('that is none is refused in both, with its place: %j', (name) => {
    expect(key({ name }).error!.issues[0]!.path).toEqual(['name']);
    expect(key({ groups: ['a', name] }).error!.issues[0]!.path).toEqual(['groups', 1]);
    for (const kind of ['user', 'group'])
      expect(documentFor(`${kind}:${name}`).error!.issues[0]!.path).toEqual(['acl', 1]);
  });

  it.each(['ann', 'tenant:acme', 'Group:a', 'group'])(
    'stands after user: or group: in lists: %s',
    (entry) => {
      expect(documentFor(entry).success).toBe(false);
    },
  );
});
