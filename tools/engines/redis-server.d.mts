export interface RedisServerProgram {
  command: string;
  argv0: string;
  env: NodeJS.ProcessEnv;
  version: string;
  origin: string;
}

export function findRedisServer(options: {
  home: string;
  say(text: string): void;
}): Promise<RedisServerProgram>;
