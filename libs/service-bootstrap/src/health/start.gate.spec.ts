import { StartGate } from './start.gate.js';

describe('StartGate', () => {
  it('waits for what is held, until it has ended well', async () => {
    const gate = new StartGate();
    let finish!: () => void;
    gate.hold('keys', new Promise<void>((resolve) => (finish = resolve)));
    gate.hold('admin', Promise.resolve());
    gate.hold('accounts', Promise.reject(new Error('refused')));
    await new Promise(setImmediate);
    expect(gate.waitingFor).toEqual(['keys', 'accounts']);
    finish();
    await new Promise(setImmediate);
    expect(gate.waitingFor).toEqual(['accounts']);
  });
});
