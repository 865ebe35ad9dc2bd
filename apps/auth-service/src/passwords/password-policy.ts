import { isGuessable } from './guessable-password.js';

/**
 * Why a new password is refused, or undefined when it is not: long enough, not made of the account's own email, and not to
 * be guessed by a list of common ones. Length is counted in code points. There are no rules of composition (NIST SP 800-63B §3.1.1.2).
 */
export function refusePassword(password: string, email: string, minLength: number): string | undefined {
  if ([...password].length < minLength) return `must have at least ${minLength} characters`;
  const name = email.split('@', 1)[0] ?? '';
  if (name.length >= 3 && password.toLowerCase().includes(name.toLowerCase()))
    return 'must not contain the email';
  if (isGuessable(password, email.split(/[@.]/)))
    return 'is too easy to guess: it is a common password, or made of common words, repetitions or sequences';
  return undefined;
}
