/** Wakes the relay: by a notification of the database, by the poll, or by the shutdown. */
export class RelayAlarm {
  private rung = false;
  private wake?: () => void;

  /** Ends the present wait, or the next one. */
  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Resolves when it rings, or after `ms`. A ring since the last wait ends this one at once. */
  async wait(ms: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.rung = false;
    this.wake = undefined;
  }
}
