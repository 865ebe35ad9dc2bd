/**
 * For `isComplete`: the stream is complete once it has said `text`, also when that is spread over chunks.
 * Chunks are text, bytes, or anything else as JSON.
 *
 * @example { isComplete: terminator('data: [DONE]') }
 */
export function terminator(text: string): () => (chunk: unknown) => boolean {
  return () => {
    const decoder = new TextDecoder();
    let tail = '';
    return (chunk) => {
      const seen =
        tail + (chunk instanceof Uint8Array ? decoder.decode(chunk, { stream: true }) : textOf(chunk));
      tail = text.length > 1 ? seen.slice(1 - text.length) : '';
      return seen.includes(text);
    };
  };
}

const textOf = (chunk: unknown): string =>
  typeof chunk === 'string' ? chunk : (JSON.stringify(chunk) ?? '');
