/** Aborts what a call was given to listen to; made when it is asked for, since a signal costs more than all else of a call. */
export class LazyAbort {
  private controller?: AbortController;
  private aborted?: { reason: unknown };

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted !== undefined) this.controller.abort(this.aborted.reason);
    }
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    this.aborted ??= { reason };
    this.controller?.abort(reason);
  }
}
