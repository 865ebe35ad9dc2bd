import { grants } from '@gatehouse/auth-contracts';

/** Remembered at most, so that what somebody asks for cannot fill the memory. */
const MOST_ANSWERS = 1_000;

/** What a list of permissions grants; an answer that was given once is a look-up. */
export class PermissionSet {
  private readonly answers = new Map<string, boolean>();

  constructor(private readonly granted: readonly string[]) {}

  grants(permission: string): boolean {
    const known = this.answers.get(permission);
    if (known !== undefined) return known;
    const answer = grants(this.granted, permission);
    if (this.answers.size < MOST_ANSWERS) this.answers.set(permission, answer);
    return answer;
  }
}
