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

  it('gives up what had no turn in time, whatever else waits', async () => {
    const turns = new PasswordTurns();
    let end!: () => void;
    const blocked = turns.run('ada', () => new Promise<void>((resolve) => (end = resolve)));
    const late = turns.run('ada', async () => 'late', { until: performance.now() + 5 });
    await expect(late).rejects.toThrow('Too many sign-ins at once, try again');
    const over = turns.run('ada', async () => 'over', { until: performance.now() });
    await expect(over).rejects.toThrow('Too many sign-ins at once, try again');
    const patient = turns.run('ada', async () => 'patient');
    end();
    await blocked;
    expect(await patient).toBe('patient');
  });
});
