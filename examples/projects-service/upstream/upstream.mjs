// Two providers as far as the example needs them, in one process: `/writer` and `/spare-writer`.
//   POST /<provider>/summaries {"text"}      {"summary"}: the first words
//   PUT  /<provider>/behaviour {"status"}    from now on it answers this; 200 makes it well again
// PORT says where it listens, on 127.0.0.1.
import { createServer } from 'node:http';

const WORDS = 5;
const statuses = new Map();

const server = createServer(async (request, response) => {
  const [, provider = '', action] = request.url.split('/');
  try {
    const body = JSON.parse(await readAll(request));
    if (request.method === 'PUT' && action === 'behaviour') {
      statuses.set(provider, Number(body.status));
      return answer(response, 200, {});
    }
    if (request.method !== 'POST' || action !== 'summaries') return answer(response, 404, {});
    const status = statuses.get(provider) ?? 200;
    if (status !== 200) return answer(response, status, { error: `${provider} is not well` });
    return answer(response, 200, { summary: summarise(String(body.text)) });
  } catch {
    return answer(response, 400, {});
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}`),
);
// It leaves with the process that started it.
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());

function summarise(text) {
  const words = text.split(/\s+/);
  return words.length <= WORDS ? text : `${words.slice(0, WORDS).join(' ')} …`;
}

async function readAll(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
