import { PasswordTurns } from './password.turns.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('PasswordTurns', () => {
  it('takes the tasks of one key one after another, those of others meanwhile', async () => {
    const turns = new PasswordTurns();
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const task = (name: string) => () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    };
    const all = [
      turns.run('ada', task('ada 1')),
      turns.run('ada', task('ada 2')),
      turns.run('grace', task('grace')),
    ];
    await turn();
    expect(begun).toEqual(['ada 1', 'grace']);
    ends[0]?.();
    await turn();
    expect(begun).toEqual(['ada 1', 'grace', 'ada 2']);
    for (const end of ends) end();
    await Promise.all(all);
  });

  it('refuses what all keys together would make too much, and none afterwards', async () => {
    const turns = new PasswordTurns();
    let end!: () => void;
    const blocked = new Promise<void>((resolve) => (end = resolve));
    const many = Array.from({ length: 1_200 }, (_, index) =>
      turns.run(`key ${index % 2}`, () => blocked).catch((error: Error) => error.message),
    );
    await turn();
    end();
    const refused = (await Promise.all(many)).filter((outcome) => outcome !== undefined);
    expect(refused).toEqual(Array(174).fill('Too many sign-ins at once, try again'));
    expect(await turns.run('key 0', async () => 'free')).toBe('free');
  });
});
