import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyConsistency } from './consistency-proof.js';
import { verifyInclusion } from './inclusion-proof.js';
import { InvalidProofError } from './invalid-proof-error.js';

const FOLDER = join(import.meta.dirname, '../../test/vectors/merkle');

interface Vector {
  proof: string[] | null;
  desc: string;
  wantErr: boolean;
}
interface InclusionVector extends Vector {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
}
interface ConsistencyVector extends Vector {
  size1: number;
  size2: number;
  root1: string;
  root2: string;
}

const read = <Type>(folder: string) =>
  readdirSync(join(FOLDER, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file, JSON.parse(readFileSync(join(FOLDER, folder, file), 'utf8')) as Type] as const);
const bytes = (base64: string) => Buffer.from(base64, 'base64');

function judge({ wantErr }: Vector, verify: () => void): void {
  if (wantErr) expect(verify).toThrow(InvalidProofError);
  else expect(verify).not.toThrow();
}

describe('the vectors of transparency-dev/merkle', () => {
  const inclusions = read<InclusionVector>('inclusion');
  const consistencies = read<ConsistencyVector>('consistency');

  it('are all there', () => {
    expect([inclusions.length, consistencies.length]).toEqual([98, 98]);
  });

  it.each(inclusions)('of inclusion: %s', (_file, vector) => {
    const { leafIdx: index, treeSize: size, root, leafHash } = vector;
    const inclusion = { index, size, leafHash: bytes(leafHash), root: bytes(root) };
    judge(vector, () => verifyInclusion(inclusion, (vector.proof ?? []).map(bytes)));
  });

  it.each(consistencies)('of consistency: %s', (_file, vector) => {
    const from = { size: vector.size1, root: bytes(vector.root1) };
    const to = { size: vector.size2, root: bytes(vector.root2) };
    judge(vector, () => verifyConsistency(from, to, (vector.proof ?? []).map(bytes)));
  });
});
