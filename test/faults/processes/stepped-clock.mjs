// Loaded before a service: the clock of its host, which a test sets by `{ clockOffMs }`. That of the engines goes on.
const RealDate = Date;
let offMs = Number(process.env.CLOCK_OFF_MS ?? 0);
const now = () => RealDate.now() + offMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

export const setClock = (clockOffMs) => {
  offMs = clockOffMs;
};

process.on('message', (message) => {
  if (typeof message?.clockOffMs === 'number') setClock(message.clockOffMs);
});
