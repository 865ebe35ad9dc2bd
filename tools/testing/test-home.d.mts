export interface TestHome {
  home: string;
  ledger: { add(program: { name: string; pid?: number; stopSignal: string; engine: boolean }): void };
  remove(): void;
}

export function makeTestHome(): Promise<TestHome>;
