import { VerificationFailedError } from '../verification-failed-error.js';

/** An event whose leaf has not the hash that is in its tile. */
interface Suspect {
  readonly seq: number;
  readonly ofLeaf: Buffer;
  readonly inTile: Buffer;
}

/** More tell nothing more. */
const MOST_KEPT = 1_000;

/** Which of the two is wrong is known when both have made a root. */
export class Suspects {
  private readonly found: Suspect[] = [];

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  add(suspect: Suspect): void {
    if (this.found.length < MOST_KEPT) this.found.push(suspect);
  }

  /** What is wrong with the first, by which of the hashes make the signed root; undefined when there is none. */
  verdict(signed: {
    readonly tiles: boolean;
    readonly leaves: boolean;
  }): VerificationFailedError | undefined {
    const [first] = this.found;
    if (first === undefined) return undefined;
    const { seq } = first;
    if (signed.leaves) {
      return new VerificationFailedError(
        `its hash in tile ${Math.floor(seq / 256)} of level 0 was changed`,
        seq,
      );
    }
    const other = this.found.find(({ inTile }) => inTile.equals(first.ofLeaf));
    if (other !== undefined) {
      return new VerificationFailedError(`it holds the event of seq ${other.seq}: rows were swapped`, seq);
    }
    const doubt = signed.tiles ? '' : ', and its tile neither makes the signed root';
    return new VerificationFailedError(
      `the event was changed: its leaf has not the hash of its tile${doubt}`,
      seq,
    );
  }
}
