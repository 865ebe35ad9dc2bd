/** Whether the service has begun to stop; readiness says so first, so that nothing new is sent to it. */
export class DrainState {
  begun = false;

  begin(): void {
    this.begun = true;
  }
}
