export interface NginxProgram {
  command: string;
  env: Record<string, string>;
  version: string;
  origin: string;
}

/** @throws when there is none and none can be fetched, with what to install */
export function findNginx(options: { home: string; say: (text: string) => void }): Promise<NginxProgram>;
