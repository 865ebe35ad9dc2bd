import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const chapter = /^## Use it in your service\n([^]*?)^## /m.exec(readme)?.[1] ?? '';

const withoutIndentation = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n');

/** Each block of code with the last file that the text before it links to; `// …` stands between its pieces. */
const excerpts = [...chapter.matchAll(/\]\((examples\/[^)]+\.ts)\)\n\n```ts\n([^]*?)\n```/g)].flatMap(
  ([, path = '', code = '']) => code.split('\n// …\n').map((piece) => [path, piece] as const),
);

describe('"Use it in your service" in the README', () => {
  it('has excerpts, each after the file that it is from', () => {
    expect([...chapter.matchAll(/```ts\n/g)]).toHaveLength(new Set(excerpts.map(([path]) => path)).size);
    expect(excerpts.length).toBeGreaterThan(5);
  });

  it.each(excerpts)('shows what is in %s: %s', (path, piece) => {
    const source = readFileSync(join(ROOT, path), 'utf8');
    expect(withoutIndentation(source)).toContain(withoutIndentation(piece));
  });
});
