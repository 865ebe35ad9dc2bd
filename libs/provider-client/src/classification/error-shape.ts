/** What is read of an error, whichever client threw it. */
export interface ErrorShape {
  /** Of the HTTP answer. */
  status?: number;
  header: (name: string) => string | undefined;
  /** By which the provider or the client names it: codes, types, statuses. */
  words: string[];
  /** Its class and those it extends. */
  names: string[];
  message: string;
}

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/**
 * Reads the shapes of fetch's `Response`, the SDKs of OpenAI and Anthropic (`status`, `headers`, `error`), axios and got
 * (`response`), the AI SDK (`statusCode`, `responseHeaders`) and AWS (`$metadata`).
 */
export function shapeOf(error: unknown): ErrorShape {
  const fields = isFields(error) ? error : {};
  const response = isFields(fields['response']) ? fields['response'] : {};
  const metadata = isFields(fields['$metadata']) ? fields['$metadata'] : {};
  const headers = fields['headers'] ?? fields['responseHeaders'] ?? response['headers'];
  return {
    status: [
      ...[fields['status'], fields['statusCode'], response['status'], response['statusCode']],
      metadata['httpStatusCode'],
    ].find(isStatus),
    header: (name) => readHeader(headers, name),
    words: [...wordsOf(fields), ...wordsOf(fields['error']), ...wordsOf(response['data'])],
    names: namesOf(error),
    message:
      typeof error === 'string'
        ? error
        : (textOf(fields['message']) ?? textOf(fields['code']) ?? textOf(fields['name']) ?? ''),
  };
}

const isStatus = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 100 && value < 600;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function wordsOf(body: unknown): string[] {
  if (!isFields(body)) return [];
  const inner = isFields(body['error']) ? body['error'] : {};
  return [body, inner]
    .flatMap((fields) => [fields['code'], fields['type'], fields['status'], fields['error_code']])
    .map(textOf)
    .filter((word) => word !== undefined);
}

/** The names of the class and its ancestors, and what the error calls itself. */
function namesOf(error: unknown): string[] {
  if (!isFields(error)) return [];
  const names = [textOf(error['name'])];
  let prototype: unknown = Object.getPrototypeOf(error);
  while (isFields(prototype) && prototype !== Object.prototype) {
    if (typeof prototype['constructor'] === 'function') names.push(prototype['constructor'].name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names.filter((name) => name !== undefined);
}

function readHeader(headers: unknown, name: string): string | undefined {
  if (!isFields(headers)) return undefined;
  if (typeof headers['get'] === 'function') {
    const value: unknown = (headers as { get: (name: string) => unknown }).get(name);
    return textOf(value);
  }
  const key = Object.keys(headers).find((key) => key.toLowerCase() === name);
  const value = key === undefined ? undefined : headers[key];
  return textOf(Array.isArray(value) ? value[0] : value);
}
