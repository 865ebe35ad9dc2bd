import { type RotationState, rotateRefreshToken } from './refresh-rotation.js';

const WINDOW = 10_000;
const state: RotationState = { counter: 3, rotatedAt: 100_000, device: 'd1' };
const present = (counter: number, now = 101_000, device = 'd1') =>
  rotateRefreshToken(state, { counter, device }, now, WINDOW);

describe('rotateRefreshToken', () => {
  it('rotates the newest, whoever shows it', () => {
    expect(present(3, 200_000, 'd2')).toEqual({
      decision: 'rotated',
      state: { counter: 4, rotatedAt: 200_000, device: 'd2' },
    });
  });

  it('replays the successor to the device that lost the answer, inside the window', () => {
    expect(present(2, 110_000)).toEqual({ decision: 'replayed', state });
  });

  it('honours the predecessor until somebody was given the successor, and for a window from then on', () => {
    const predecessor = { counter: 2, device: 'd1' };
    const given = rotateRefreshToken({ ...state, unanswered: true }, predecessor, 900_000, WINDOW);
    expect(given).toEqual({ decision: 'replayed', state: { ...state, givenAt: 900_000 } });
    const decide = (now: number) => rotateRefreshToken(given.state, predecessor, now, WINDOW);
    expect([decide(910_000), decide(910_001).decision]).toEqual([
      { decision: 'replayed', state: given.state },
      'reused',
    ]);
    expect(
      rotateRefreshToken({ ...state, unanswered: true }, { counter: 2, device: 'd2' }, 101_000, WINDOW)
        .decision,
    ).toBe('reused');
  });

  it.each([
    ['after the window', 2, 110_001, 'd1'],
    ['by another device', 2, 101_000, 'd2'],
    ['two generations old', 1, 101_000, 'd1'],
    ['of the beginning', 0, 101_000, 'd1'],
  ])('takes a predecessor %s for reuse', (_case, counter, now, device) => {
    expect(present(counter, now, device).decision).toBe('reused');
  });

  it('takes a token ahead of the session for the newest: Redis lost what it knew', () => {
    expect(present(7)).toEqual({
      decision: 'rotated',
      state: { counter: 8, rotatedAt: 101_000, device: 'd1' },
    });
  });

  it('takes the predecessor for reuse once its successor was used', () => {
    const used = present(3);
    expect(rotateRefreshToken(used.state, { counter: 2, device: 'd1' }, 101_001, WINDOW).decision).toBe(
      'reused',
    );
  });
});
