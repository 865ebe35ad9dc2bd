/** Whether a key can be opened, by this process. */
export interface KeyReading {
  keyId: string;
  readable: boolean;
}
