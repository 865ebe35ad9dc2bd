import { isWanted, type WebhookFilter } from './webhook-filter.js';

const event = { event: 'providers.status-changed', provider: 'a', tags: ['eu', 'fast'] } as const;
const wanted = (filter: Partial<WebhookFilter>) =>
  isWanted({ events: [], providers: [], tags: [], ...filter }, event);

describe('isWanted', () => {
  it.each([
    ['everything', {}, true],
    ['this event', { events: ['providers.incident-opened', 'providers.status-changed'] }, true],
    ['another event', { events: ['providers.incident-opened'] }, false],
    ['this provider', { providers: ['b', 'a'] }, true],
    ['another provider', { providers: ['b'] }, false],
    ['a tag', { tags: ['us', 'eu'] }, true],
    ['another tag', { tags: ['us'] }, false],
    ['another provider, but a tag', { providers: ['b'], tags: ['fast'] }, true],
    ['this provider, but another tag', { providers: ['a'], tags: ['us'] }, true],
    [
      'this provider, but another event',
      { events: ['providers.incident-resolved'], providers: ['a'] },
      false,
    ],
  ] as const)('by a filter for %s', (_what, filter, expected) => {
    expect(wanted(filter)).toBe(expected);
  });
});
