/**
 * Why a new password is refused, or undefined when it is not: long enough, and not made of the account's own email.
 * Length is counted in code points. There are no rules of composition (NIST SP 800-63B §3.1.1.2).
 */
export function refusePassword(password: string, email: string, minLength: number): string | undefined {
  if ([...password].length < minLength) return `must have at least ${minLength} characters`;
  const name = email.split('@', 1)[0] ?? '';
  if (name.length >= 3 && password.toLowerCase().includes(name.toLowerCase()))
    return 'must not contain the email';
  return undefined;
}
