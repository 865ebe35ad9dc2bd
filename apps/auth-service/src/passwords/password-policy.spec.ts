import { refusePassword } from './password-policy.js';

const GUESSABLE = expect.stringMatching(/^is too easy to guess/) as string;

describe('refusePassword', () => {
  it.each([
    ['eleven-char', 'ada@example.test', 'must have at least 12 characters'],
    ['🔑'.repeat(11), 'ada@example.test', 'must have at least 12 characters'],
    ['my-name-is-ADA!!', 'ada@example.test', 'must not contain the email'],
    ['my-name-is-ada!!', 'al@example.test', undefined],
    ['twelve chars', 'ada@example.test', undefined],
  ])('says of %j by %s: %s', (password, email, reason) => {
    expect(refusePassword(password, email, 12)).toBe(reason);
  });

  it.each([
    ['a common one', 'unbelievable'],
    ['common ones together', 'password1234'],
    ['a common one in disguise', 'P@ssw0rd1234'],
    ['a repetition', 'letmeinletmein'],
    ['one character', 'aaaaaaaaaaaa'],
    ['a sequence', 'abcdefghijkl'],
    ['a row of keys', '1q2w3e4r5t6y'],
    ['the parts of the email', 'LongCompany26'],
    ['the longest, of a common one', 'password'.repeat(32)],
  ])('refuses %s', (_case, password) => {
    expect(refusePassword(password, 'ada@longcompany.test', 12)).toEqual(GUESSABLE);
  });

  it.each([
    ['words that are no phrase', 'correct horse battery staple'],
    ['what a manager makes', 'jm[Dm7TNx]D#'],
    ['a weak beginning with a good end', `${'a'.repeat(50)}vR7#kkW2!pQz`],
    ['a good beginning with a weak end', `vR7#kkW2!pQz${'a'.repeat(50)}`],
    ['letters of other scripts', 'кошка любит синий чайник'],
  ])('takes %s', (_case, password) => {
    expect(refusePassword(password, 'ada@example.test', 12)).toBeUndefined();
  });
});
