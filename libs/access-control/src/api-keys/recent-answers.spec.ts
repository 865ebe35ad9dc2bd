import { RecentAnswers } from './recent-answers.js';

describe('RecentAnswers', () => {
  it('keeps an answer for as long as it is good, from when it was asked for', () => {
    const answers = new RecentAnswers<string>(10, 30);
    answers.add('a', 'yes', 100);
    expect([answers.get('a', 129), answers.get('a', 130), answers.size]).toEqual(['yes', undefined, 0]);
  });

  it('lets the longest unused go first', () => {
    const answers = new RecentAnswers<number>(2, 30);
    answers.add('a', 1, 0);
    answers.add('b', 2, 0);
    expect(answers.get('a', 1)).toBe(1);
    answers.add('c', 3, 1);
    expect(['a', 'b', 'c'].map((key) => answers.get(key, 2))).toEqual([1, undefined, 3]);
  });

  it('keeps nothing where none are to be kept', () => {
    const answers = new RecentAnswers<number>(0, 30);
    answers.add('a', 1, 0);
    expect(answers.get('a', 0)).toBeUndefined();
  });
});
