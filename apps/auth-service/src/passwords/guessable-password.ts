import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** 57,000 words: the most common passwords of leaks, and those of diceware. (With those of English a check takes a second.) */
const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
/** The time of a check grows with the square of the length: it is on the event loop. */
const LONGEST = 40;
/** 0 and 1 are less than a million guesses. */
const WEAKEST_SCORE = 2;

/**
 * Whether a password is among the common ones, or made of those, of repetitions or sequences, or of what is known about its
 * account, so that a few guesses find it.
 *
 * @param known about the account: its email, its name
 */
export function isGuessable(password: string, known: readonly string[]): boolean {
  const ends = [password.slice(0, LONGEST), password.slice(-LONGEST)];
  return ends.every((end) => estimator.check(end, [...known]).score < WEAKEST_SCORE);
}
