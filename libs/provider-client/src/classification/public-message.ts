const LONGEST = 512;
/** More than this is not looked through. */
const LOOKED_AT = 4_096;

/** What looks like a credential; the first group stays. */
const CREDENTIALS: readonly RegExp[] = [
  /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)[^"'\r\n,;}]+/gi,
  /\b((?:bearer|basic)\s+)[\w+/.~=-]{6,}/gi,
  /(\/\/)[^/\s@]+(?=@)/g,
  /([?&](?:api[_-]?key|key|[a-z_-]*token|sig(?:nature)?|secret|password|code|x-amz-[a-z-]+)=)[^&\s"'#]+/gi,
  /\b((?:x-)?(?:api|goog-api|subscription)[-_]?key["']?\s*[:=]\s*["']?)[^\s"',;}]+/gi,
  /\b((?:sk|pk|rk|gsk|xai|key|r8|hf|ghp|pplx)[-_])[\w*-]{6,}/g,
  /\b(AIza|AKIA|eyJ)[\w.-]{10,}/g,
  // Long and mixed: whatever it is, nobody reads it.
  /()\b(?=[\w-]*\d)(?=[\w-]*[a-zA-Z])[\w-]{32,}/g,
];

/** A message as it may be stored and shown: one line without credentials, at most 512 characters. */
export function publicMessage(text: string): string {
  const clean = CREDENTIALS.reduce(
    (message, credential) => message.replace(credential, '$1***'),
    text.slice(0, LOOKED_AT).replace(/\s+/g, ' '),
  ).trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}
