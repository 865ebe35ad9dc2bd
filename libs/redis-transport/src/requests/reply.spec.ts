import { groupReplies, parseReplies } from './reply.js';

const reply = (c: string) => JSON.stringify({ c, v: 1 });

describe('groupReplies', () => {
  it('puts replies to the same channel into one message, in order', () => {
    const published = groupReplies([
      { channel: 'a', text: reply('1') },
      { channel: 'b', text: reply('2') },
      { channel: 'a', text: reply('3') },
    ]);
    expect(published).toEqual(['a', `[${reply('1')},${reply('3')}]`, 'b', reply('2')]);
  });

  it('sends one reply as it is, and none as nothing', () => {
    expect(groupReplies([{ channel: 'a', text: reply('1') }])).toEqual(['a', reply('1')]);
    expect(groupReplies([])).toEqual([]);
  });

  it('begins another message, still in order, before one becomes long', () => {
    const long = JSON.stringify({ c: '1', v: 'x'.repeat(60_000) });
    const texts = [reply('0'), long, long, reply('9')];
    const published = groupReplies(texts.map((text) => ({ channel: 'a', text })));
    expect(published).toEqual(['a', `[${reply('0')},${long}]`, 'a', `[${long},${reply('9')}]`]);
  });
});

describe('parseReplies', () => {
  it('reads one and several', () => {
    expect(parseReplies(reply('1'))).toEqual([{ c: '1', v: 1 }]);
    expect(parseReplies(`[${reply('1')},${reply('2')}]`).map(({ c }) => c)).toEqual(['1', '2']);
  });

  it('leaves out what is no reply', () => {
    expect(parseReplies('{')).toEqual([]);
    expect(parseReplies('7')).toEqual([]);
    expect(parseReplies(`[null,{"c":1},${reply('2')}]`)).toEqual([{ c: '2', v: 1 }]);
  });
});
