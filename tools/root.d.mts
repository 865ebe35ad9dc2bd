export const root: string;

export function homeOf(env?: NodeJS.ProcessEnv): string;
