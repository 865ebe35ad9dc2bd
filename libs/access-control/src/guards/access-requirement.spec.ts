import { accessRequirement } from './access-requirement.js';

const nothing = { permissions: [], anyPermission: [] };

describe('accessRequirement', () => {
  it('needs a valid token where nothing is said', () => {
    expect(accessRequirement({}, {})).toEqual({ mode: 'required', ...nothing });
  });

  it('takes the role of the class and adds the permission of the handler', () => {
    expect(accessRequirement({ permissions: ['projects:create'] }, { role: 'user' })).toEqual({
      mode: 'required',
      role: 'user',
      permissions: ['projects:create'],
      anyPermission: [],
    });
  });

  it('lets the handler replace the role of the class', () => {
    expect(accessRequirement({ role: 'admin' }, { role: 'user' })).toMatchObject({ role: 'admin' });
    expect(accessRequirement({ role: 'viewer' }, { role: 'user' })).toMatchObject({ role: 'viewer' });
  });

  it.each(['public', 'optional'] as const)('lets %s on the handler replace all of the class', (mode) => {
    expect(
      accessRequirement({ mode }, { role: 'admin', permissions: ['a:b'], anyPermission: ['c:d'] }),
    ).toEqual({
      mode,
      ...nothing,
    });
  });

  it('needs a token on a handler of a public class that asks for something', () => {
    expect(accessRequirement({}, { mode: 'public' })).toMatchObject({ mode: 'public' });
    expect(accessRequirement({ role: 'user' }, { mode: 'public' })).toMatchObject({
      mode: 'required',
      role: 'user',
    });
    expect(accessRequirement({ permissions: ['a:b'] }, { mode: 'public' })).toMatchObject({
      mode: 'required',
    });
  });
});
