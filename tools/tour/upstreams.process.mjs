// Plays providers that fail, each in its own way: the path of a request says in which.
import { createServer } from 'node:http';

const answer = (status, body, headers = {}) => ({ status, body, headers });
const WAYS = {
  serves: answer(200, { text: 'All mountains and their names' }),
  server: answer(500, { error: 'internal' }),
  overload: answer(529, { error: { type: 'overloaded_error' } }),
  'rate-limited': answer(429, { error: { type: 'rate_limit_error' } }, { 'retry-after': '120' }),
  auth: answer(401, { error: { type: 'authentication_error' } }),
  quota: answer(402, { error: { code: 'insufficient_quota' } }),
  client: answer(400, { error: { code: 'context_length_exceeded' } }),
};

const server = createServer((request, response) => {
  const way = request.url.slice(1);
  if (way === 'timeout') return;
  if (way === 'network') return void request.socket.destroy();
  if (way === 'cut') {
    response.write('data: All mountains\n\n');
    return void setTimeout(() => request.socket.destroy(), 50);
  }
  const { status, body, headers } = WAYS[way] ?? answer(404, {});
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on('disconnect', () => process.exit());
